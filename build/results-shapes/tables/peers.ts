import { z } from 'zod';
import { UsageError } from '#contract/errors.ts';
import { ImageModel } from '#native-models/runtime/image-model.ts';
import { FiguresTally, figuresSchema } from '../../results/figures.ts';
import { again, atThreshold, judgeFull, judgeSelected, warmUp } from '../judge-image.ts';
import type { Measuring } from '../measuring.ts';
import { testImages } from '../test-images.ts';

/** Other models of the same data, among them those whose attention is sparse whatever the image shows. */
export const peersSchema = z.strictObject({
  table: z.literal('peers'),
  notes: z.array(z.string()),
  /** The bundle itself, with every patch and with those that its interpreters keep. */
  full: figuresSchema,
  selected: figuresSchema,
  rows: z
    .array(
      figuresSchema.extend({
        name: z.string(),
        title: z.string(),
        weightsSha256: z.string(),
        /** Of the last sitting of the training that made it, all phases together. */
        steps: z.int().nullable(),
      }),
    )
    .min(1),
});

export async function measurePeers(measuring: Measuring): Promise<z.infer<typeof peersSchema>> {
  const { model, selection, runtime, peers } = measuring;
  if (peers.length === 0) throw new UsageError('There are no peers to measure.', { hint: 'Name them with --peer.' });
  const others = peers.map((bundle) => ({
    bundle,
    measuring: { ...measuring, model: new ImageModel(bundle, runtime) },
    tally: new FiguresTally(),
  }));
  const [full, selected] = [new FiguresTally(), new FiguresTally()];
  for (const each of [measuring, ...others.map((other) => other.measuring)]) await warmUp(each);
  for (const image of testImages('peers', measuring)) {
    full.add(await again(() => judgeFull(measuring, image)), image.label);
    const own = () => judgeSelected(measuring, image, atThreshold(measuring, selection.threshold));
    selected.add(await again(own), image.label);
    for (const other of others) {
      other.tally.add(await again(() => judgeFull(other.measuring, image)), image.label);
    }
  }
  const tokens = model.patchCount;
  return {
    table: 'peers',
    notes: [
      'Peers are run with every patch; all are timed in turn, image by image, each a second time after a first that is not timed.',
    ],
    full: full.figures(tokens),
    selected: selected.figures(tokens),
    rows: others.map(({ bundle: { manifest }, tally }) => ({
      name: manifest.name,
      title: manifest.title,
      weightsSha256: manifest.weights.sha256,
      steps: typeof manifest.training?.steps === 'number' ? manifest.training.steps : null,
      ...tally.figures(tokens),
    })),
  };
}
