import type { RandomStream } from './random-stream.ts';

export interface SeenTokensOptions {
  /** `[clips, tokens]`: how much of each token's patch the figure covers, 0–1. */
  readonly foreground: Float32Array;
  /** Tokens of a clip. */
  readonly tokenCount: number;
  /** How many of them are seen. */
  readonly seen: number;
  /** How many times likelier a token with a part of the figure is drawn than one without. */
  readonly figureOdds: number;
}

/**
 * Draws the tokens that a training step shows of each clip, without replacement and with weights, by exponential races
 * (Efraimidis and Spirakis 2006).
 *
 * @returns `[clips, seen]`: indices of tokens, ascending in each clip.
 */
export function drawSeenTokens(
  random: RandomStream,
  { foreground, tokenCount, seen, figureOdds }: SeenTokensOptions,
): Uint32Array<ArrayBuffer> {
  const clips = foreground.length / tokenCount;
  const drawn = new Uint32Array(clips * seen);
  const finish = new Float64Array(tokenCount);
  const order = Uint32Array.from({ length: tokenCount }, (_, token) => token);
  for (let clip = 0; clip < clips; clip++) {
    for (let token = 0; token < tokenCount; token++) {
      const odds = (foreground[clip * tokenCount + token] ?? 0) > 0 ? figureOdds : 1;
      finish[token] = -Math.log(1 - random.next()) / odds;
    }
    order.sort((a, b) => (finish[a] ?? 0) - (finish[b] ?? 0));
    drawn.set(order.subarray(0, seen).slice().sort(), clip * seen);
  }
  return drawn;
}
