import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Selection, TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { backboneOf, backbonePhase } from '#native-models/training/backbone-phase.ts';
import { initialParameters } from '#native-models/training/initial-parameters.ts';
import { type MotionBatch, MotionBatchPainter } from '#native-models/training/motion-batch.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type TrainingStep, train } from '#native-models/training/train-loop.ts';
import { adam } from '../../../fixtures/training/settings.ts';

const BATCH = 8;
const SELECTION: Selection = { heads: 2, threshold: 0.5, groups: [{ firstBlock: 0, blocks: 2 }] };
const SMALL: TimesformerConfig = {
  kind: 'timesformer',
  attention: 'joint_space_time',
  numFrames: 4,
  imageSize: 32,
  patchSize: 8,
  dim: 32,
  depth: 2,
  heads: 2,
  mlpDim: 64,
  classes: 18,
  layerNormEps: 1e-6,
};

/** Always the same clips. */
const painter = new MotionBatchPainter({
  split: 'train',
  clips: BATCH,
  batchSize: BATCH,
  frames: 4,
  size: 32,
  patchSize: 8,
  preprocessing: { mean: [0.45, 0.45, 0.45], std: [0.225, 0.225, 0.225] },
  seed: 1,
});
const repeated: MotionBatch = painter.batch(0);
const clips = { identity: { data: 'eight clips' }, batch: () => repeated };

let runtime: InferenceRuntime;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 2 });
});
afterAll(() => runtime[Symbol.asyncDispose]());

function phase(attention: TimesformerConfig['attention'], foregroundWeight: number) {
  const config = { ...SMALL, attention };
  const model = new SelectingModel({ runtime, config, selection: SELECTION, batchSize: BATCH });
  const backbone = initialParameters(config, null, 1);
  return { backbone, task: backbonePhase({ model, backbone, clips, labelSmoothing: 0, foregroundWeight }) };
}

async function learn(task: ReturnType<typeof phase>['task'], steps: number) {
  const told: TrainingStep[] = [];
  for await (const event of train(task, adam(steps, 3e-3))) {
    if (event.kind === 'step') told.push(event);
    if (event.kind === 'done') return { first: told[0]!, last: told.at(-1)!, parameters: event.parameters };
  }
  throw new Error('The run did not end.');
}

describe('the backbone phase', () => {
  it.each(['joint_space_time', 'divided_space_time'] as const)(
    'learns the classes of eight clips: %s',
    async (attention) => {
      const { task } = phase(attention, 1);
      const { first, last } = await learn(task, 120);
      // Nothing is known at first: every class, and every patch, is as likely as any other.
      expect(first.figures.classLoss).toBeCloseTo(Math.log(18), 4);
      expect(last.figures.accuracy).toBe(1);
      expect(last.figures.classLoss).toBeLessThan(0.1);
      expect(last.figures.foregroundLoss).toBeLessThan(0.5 * first.figures.foregroundLoss!);
    },
  );

  it('adds the foreground loss to that of the classes, with its weight', async () => {
    const { task } = phase('joint_space_time', 0.5);
    const { loss, figures } = await task.step(task.initial, repeated, RandomStream.seeded(1));
    expect(loss).toBeCloseTo(figures.classLoss! + 0.5 * figures.foregroundLoss!, 5);
  });

  it('lets the foreground loss reach every block', async () => {
    // With a head of zeros the classes say nothing to what comes before it: this is the foreground alone.
    const { task } = phase('joint_space_time', 1);
    const parameters = task.initial.copy();
    parameters.get('foreground.weight').fill(0.1);
    const { gradients } = await task.step(parameters, repeated, RandomStream.seeded(1));
    for (const name of ['patch_embed.proj.weight', 'time_embed', 'norm.weight'])
      expect(largest(gradients, name), name).toBeGreaterThan(0);
    for (const block of ['blocks.0', 'blocks.1']) {
      for (const part of ['norm1', 'attn.qkv', 'attn.proj', 'norm2', 'mlp.fc1', 'mlp.fc2']) {
        expect(largest(gradients, `${block}.${part}.weight`), `${block}.${part}`).toBeGreaterThan(0);
      }
    }
    const without = phase('joint_space_time', 0).task;
    const { gradients: ofClasses } = await without.step(parameters, repeated, RandomStream.seeded(1));
    expect(largest(ofClasses, 'blocks.0.attn.qkv.weight')).toBe(0);
    expect(largest(ofClasses, 'head.weight')).toBeGreaterThan(0);
  });

  it('leaves the read-out of the foreground out of the model', async () => {
    const { task, backbone } = phase('joint_space_time', 1);
    expect([...backboneOf(task.initial).shapes]).toEqual([...backbone.shapes]);
    expect(backboneOf(task.initial).numbers).toEqual(backbone.numbers);
  });
});

function largest(gradients: ReadonlyMap<string, Float32Array>, name: string): number {
  return gradients.get(name)!.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
