import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ResumeMismatchError } from '#contract/errors.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type Phase, type PhasesEvent, type PhasesOptions, trainPhases } from '#native-models/training/train-phases.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { brightPatches, freshParameters, SMALL, SMALL_SELECTION } from '../../../fixtures/training/bright-patch.ts';
import { adam } from '../../../fixtures/training/settings.ts';

const BATCH = 4;
const PHASES: readonly Phase[] = [
  { kind: 'fine-tune', tokens: 'everything', trained: 'all', labelSmoothing: 0, training: adam(6, 1e-3) },
  {
    kind: 'policy',
    reward: { shape: 'linear', tau: 0.5 },
    explorationBound: null,
    entropyBonus: 0,
    training: adam(8, 1e-2),
  },
  { kind: 'fine-tune', tokens: 'interpreter', trained: 'blocks', labelSmoothing: 0.1, training: adam(5, 1e-3) },
];

let runtime: InferenceRuntime;
let options: PhasesOptions;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
  const parameters = freshParameters(SMALL, SMALL_SELECTION, 1);
  const isInterpreter = (name: string) => name.startsWith('interpreter.');
  options = {
    model: new SelectingModel({ runtime, config: SMALL, selection: SMALL_SELECTION, batchSize: BATCH }),
    start: {
      backbone: parameters.only((name) => !isInterpreter(name)),
      interpreter: parameters.only(isInterpreter),
    },
    clips: brightPatches(BATCH),
    labels: { kind: 'given' },
    phases: PHASES,
  };
});
afterAll(() => runtime[Symbol.asyncDispose]());

const collect = (events: AsyncIterable<PhasesEvent>) => Array.fromAsync(events);

function partsAfter(events: readonly PhasesEvent[], index: number) {
  const event = events.find((each) => each.kind === 'phase-done' && each.index === index);
  if (event?.kind !== 'phase-done') throw new Error(`Phase ${index} did not end.`);
  return event.parts;
}

describe('training in phases', () => {
  it('changes the backbone and the interpreter in turn', async () => {
    const events = await collect(trainPhases(options));
    const [full, chosen, tuned] = [0, 1, 2].map((index) => partsAfter(events, index));
    const { start } = options;
    expect(full!.interpreter).toBe(start.interpreter);
    expect(full!.backbone.numbers).not.toEqual(start.backbone.numbers);
    expect(chosen!.backbone).toBe(full!.backbone);
    expect(chosen!.interpreter.numbers).not.toEqual(start.interpreter.numbers);
    expect(tuned!.interpreter).toBe(chosen!.interpreter);
    expect(tuned!.backbone.get('head.weight')).not.toEqual(chosen!.backbone.get('head.weight'));
    for (const name of ['pos_embed', 'cls_token', 'time_embed', 'patch_embed.proj.weight']) {
      expect(tuned!.backbone.get(name)).toEqual(chosen!.backbone.get(name));
    }
    expect(events.at(-1)).toEqual({ kind: 'done', parts: tuned });
  });

  it('goes on in the phase in which it was cancelled, with the same result', async () => {
    await using folder = await temporaryFolder();
    const whole = await collect(trainPhases(options));
    const cancel = new AbortController();
    const cut = (async () => {
      for await (const event of trainPhases({ ...options, directory: folder.path, signal: cancel.signal })) {
        if (event.kind !== 'phase' || event.index !== 1 || event.event.kind !== 'step') continue;
        if (event.event.step === 3) cancel.abort(new Error('enough'));
      }
    })();
    await expect(cut).rejects.toThrow('enough');
    const rest = await collect(trainPhases({ ...options, directory: folder.path }));
    const begun = rest.flatMap((each) => (each.kind === 'phase' && each.event.kind === 'started' ? [each.event] : []));
    expect(begun.map(({ step, resumed }) => [step, resumed])).toEqual([
      [6, true],
      [3, true],
      [0, false],
    ]);
    expect(await readdir(folder.path)).toEqual(['1-fine-tune', '2-policy', '3-fine-tune']);
    for (const part of ['backbone', 'interpreter'] as const) {
      expect(partsAfter(rest, 2)[part].numbers).toEqual(partsAfter(whole, 2)[part].numbers);
    }
  });

  it('refuses to go on from another model', async () => {
    await using folder = await temporaryFolder();
    const [, policy] = PHASES;
    const one = { ...options, phases: [policy!], directory: folder.path };
    await collect(trainPhases(one));
    const other = { ...options.start, backbone: options.start.backbone.zeros() };
    await expect(collect(trainPhases({ ...one, start: other }))).rejects.toThrow(ResumeMismatchError);
  });
});
