import type { Selection, TimesformerConfig } from '../../bundle/manifest.ts';
import type { Value } from '../../onnx/graph.ts';
import { interpreterScores } from '../interpreter.ts';
import type { Parameters } from '../parameters.ts';

/** How the interpreter of `group` scores tokens, `[batch, 1 + patches·frames, dim]`: `[batch, 1 + patches·frames]`. */
export function tokenScores(
  { numFrames }: TimesformerConfig,
  { heads, interpreter }: Selection,
  parameters: Parameters<'float32'>,
  tokens: Value<'float32'>,
  group: number,
): Value<'float32'> {
  const motion = { name: `interpreter.${group}.motion`, frames: numFrames };
  const name = `interpreter.${group}.qk`;
  return interpreterScores(parameters, tokens, name, heads, interpreter === 'motion-aware' ? motion : undefined);
}
