import type { Catalogue, PublicCheckpoint } from '#contract/model-fetch.ts';
import type { TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { expectedParameters } from '#native-models/bundle/parameters.ts';
import { defaultSampling } from '#native-models/bundle/preparation.ts';
import { architectureFacts } from '../model-facts.ts';
import { keptDownloads } from './kept-download.ts';
import { licenceOf } from './licences.ts';
import { fetchesFolder } from './look-at-source.ts';

interface Listed {
  readonly source: string;
  readonly title: string;
  readonly classes: 400 | 600;
  readonly numFrames: number;
  readonly imageSize: number;
  readonly top1: number;
  readonly name: string;
}

/**
 * The TimeSformers that Facebook publishes on the Hugging Face hub for Kinetics, with the accuracies of the same models in
 * their authors' table: https://github.com/facebookresearch/TimeSformer#model-zoo
 */
const KINETICS: readonly Listed[] = [
  {
    source: 'facebook/timesformer-base-finetuned-k400',
    title: 'TimeSformer, Kinetics-400',
    ...{ classes: 400, numFrames: 8, imageSize: 224, top1: 0.779, name: 'timesformer-k400' },
  },
  {
    source: 'facebook/timesformer-base-finetuned-k600',
    title: 'TimeSformer, Kinetics-600',
    ...{ classes: 600, numFrames: 8, imageSize: 224, top1: 0.791, name: 'timesformer-k600' },
  },
  {
    source: 'facebook/timesformer-hr-finetuned-k400',
    title: 'TimeSformer-HR, Kinetics-400',
    ...{ classes: 400, numFrames: 16, imageSize: 448, top1: 0.796, name: 'timesformer-hr-k400' },
  },
  {
    source: 'facebook/timesformer-hr-finetuned-k600',
    title: 'TimeSformer-HR, Kinetics-600',
    ...{ classes: 600, numFrames: 16, imageSize: 448, top1: 0.818, name: 'timesformer-hr-k600' },
  },
];

/** What can be fetched, and what was begun. Nobody outside of this computer is asked. */
export async function catalogue(): Promise<Catalogue> {
  return { checkpoints: KINETICS.map(describe), unfinished: await keptDownloads(fetchesFolder()) };
}

/** What a source is called in the catalogue; `null` when it is not there. */
export function listedTitle(source: string): string | null {
  return KINETICS.find((listed) => listed.source === source)?.title ?? null;
}

function describe({ source, title, classes, numFrames, imageSize, top1, name }: Listed): PublicCheckpoint {
  const architecture: TimesformerConfig = {
    ...{ kind: 'timesformer', attention: 'divided_space_time', numFrames, imageSize, classes },
    ...{ patchSize: 16, dim: 768, depth: 12, heads: 12, mlpDim: 3072, layerNormEps: 1e-6 },
  };
  const { input, gmacs } = architectureFacts(architecture, defaultSampling(architecture));
  let parameters = 0;
  for (const shape of expectedParameters(architecture, null).values()) parameters += shape.reduce((a, b) => a * b, 1);
  return {
    ...{ source, title, classes, input, top1, name },
    dataset: `Kinetics-${classes}`,
    gmacs,
    bytes: 4 * parameters,
    licence: licenceOf('cc-by-nc-4.0'),
    page: `https://huggingface.co/${source}`,
  };
}
