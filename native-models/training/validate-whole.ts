import type { ClipSource } from './clip-source.ts';
import { Computation } from './computation.ts';
import type { ParameterSet } from './parameter-set.ts';
import { meanOf } from './policies.ts';
import { rightAnswers } from './right-answers.ts';
import { largestOfRows, type SelectingModel } from './selecting-model.ts';
import type { Validation } from './validate.ts';

/**
 * What a model without selection is worth on clips or images that it does not learn from.
 *
 * @throws MissingLabelsError when they have no labels.
 */
export async function validateWhole(
  model: SelectingModel,
  backbone: ParameterSet,
  clips: ClipSource,
  batches: number,
  signal?: AbortSignal,
): Promise<Validation> {
  const { architecture, clipSizes } = model;
  const whole = new Computation(model.computation('whole'), ({ graph, parameters, fusion }) => {
    const tokens = architecture.tokens(parameters, graph.input('clips', 'float32', clipSizes));
    graph.output('logits', architecture.whole(parameters, tokens, fusion).logits);
  });
  const correct: number[] = [];
  for (let index = 0; index < batches; index++) {
    const batch = await clips.batch(index);
    const right = await rightAnswers(model, { kind: 'given' }, batch, backbone, signal);
    const { logits } = await whole.run([backbone], { clips: model.clipFeed(batch.clips) }, signal);
    const answers = largestOfRows(logits?.data as Float32Array, architecture.classes);
    correct.push(...answers.map((answer, i) => Number(answer === right[i])));
  }
  const accuracy = meanOf(correct);
  return { clips: correct.length, fullAccuracy: accuracy, accuracy, keepRatio: 1 };
}
