import { z } from 'zod';

/** How a clip's probabilities are steadied by those of its neighbours: over `clips` clips, with it in the middle. */
export const smoothingSchema = z.object({
  kind: z.enum(['none', 'median', 'mean']),
  /** Odd. At the ends of the video the window is as wide on both sides as the shorter one. */
  clips: z
    .int()
    .min(1)
    .max(31)
    .refine((count) => count % 2 === 1, 'must be odd'),
});
export type Smoothing = z.infer<typeof smoothingSchema>;

export interface Winner {
  readonly classIndex: number;
  /** Of that class, smoothed, 0 … 1. */
  readonly probability: number;
}

/**
 * The class that wins each clip once its probabilities are smoothed; of equal ones the first.
 *
 * @param clips `[clips]` of `[classes]`, softmax, in the order of time.
 */
export function winners(clips: readonly Float32Array[], { kind, clips: count }: Smoothing): readonly Winner[] {
  const reach = kind === 'none' ? 0 : (count - 1) / 2;
  return clips.map((probabilities, i) => {
    const around = Math.min(reach, i, clips.length - 1 - i);
    if (around === 0) return ownWinnerOf(probabilities);
    const window = clips.slice(i - around, i + around + 1);
    return kind === 'mean' ? winnerOf(meanOf(window)) : winnerOfMedians(window, probabilities);
  });
}

const ownWinners = new WeakMap<Float32Array, Winner>();

/** Looked for once: while an analysis runs, this is asked of the same clips again and again. */
function ownWinnerOf(probabilities: Float32Array): Winner {
  const winner = ownWinners.get(probabilities) ?? winnerOf(probabilities);
  ownWinners.set(probabilities, winner);
  return winner;
}

function winnerOf(probabilities: Float32Array): Winner {
  let classIndex = 0;
  for (let i = 1; i < probabilities.length; i++) {
    if ((probabilities[i] ?? 0) > (probabilities[classIndex] ?? 0)) classIndex = i;
  }
  return { classIndex, probability: probabilities[classIndex] ?? 0 };
}

function meanOf(window: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(window[0]?.length ?? 0);
  for (const probabilities of window) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (probabilities[i] ?? 0);
  }
  return sum.map((total) => total / window.length);
}

/** A class can only win where most of the window is above the best so far: so few medians have to be taken. */
function winnerOfMedians(window: readonly Float32Array[], centre: Float32Array): Winner {
  const middle = (window.length - 1) / 2;
  const median = (classIndex: number) => window.map((one) => one[classIndex] ?? 0).sort((a, b) => a - b)[middle] ?? 0;
  let { classIndex } = ownWinnerOf(centre);
  let probability = median(classIndex);
  for (let i = 0; i < centre.length; i++) {
    let notBelow = 0;
    for (const one of window) if ((one[i] ?? 0) >= probability) notBelow++;
    if (notBelow <= middle) continue;
    const own = median(i);
    if (own > probability || (own === probability && i < classIndex)) {
      classIndex = i;
      probability = own;
    }
  }
  return { classIndex, probability };
}
