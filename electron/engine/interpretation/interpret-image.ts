import type { ImageGroup, Interpretation } from '#contract/interpretation.ts';
import type { HeatMap } from '#native-models/heat-maps/heat-map.ts';
import { ImageRun, type SelectedImage } from '#native-models/runtime/image-run.ts';
import type { ImageSelector } from '#native-models/selection/image-selector.ts';
import { mostProbable, softmax, topPredictions } from '../analysis/predictions.ts';
import { type ImageFraming, type ImageView, prepareImage } from '../images/prepare-image.ts';
import { readImage, type SourceImage } from '../images/read-image.ts';
import type { ImageEngine } from './image-engine.ts';
import { imageMap } from './image-map.ts';
import type { ImageMapName } from './map-names.ts';
import type { OutsideMap } from './outside-map.ts';

export interface InterpretRequest {
  readonly selector: ImageSelector;
  readonly framing: ImageFraming;
  readonly maps: readonly ImageMapName[];
  /** Models of the user's that make maps, too. */
  readonly outside: readonly OutsideMap[];
  /** Classes that are named, best first. */
  readonly topCount: number;
  /** Numbers the images of one run. */
  readonly stream: number;
}

/** An image that a model has begun to look at. */
export interface EmbeddedImage {
  readonly source: SourceImage;
  readonly view: ImageView;
  /** Logits with every patch, `[classes]`. */
  readonly full: Float32Array;
  /** From here any choice of patches is made. */
  readonly run: ImageRun;
  readonly stream: number;
}

/** An image whose patches are chosen. */
export interface AnsweredImage extends EmbeddedImage {
  readonly selected: SelectedImage;
  /** Class that the kept patches speak for; maps are about it. */
  readonly predicted: number;
  /** Without maps. */
  readonly report: Interpretation;
}

/** One image, and all that was made of it. */
export interface InterpretedImage extends AnsweredImage {
  readonly maps: ReadonlyMap<string, HeatMap>;
}

/**
 * Shows an image to a model.
 *
 * @throws what {@link readImage} throws; SelectorUnavailableError; what inference throws; the signal's reason
 */
export async function interpretImage(
  engine: ImageEngine,
  path: string,
  request: InterpretRequest,
  signal?: AbortSignal,
): Promise<InterpretedImage> {
  const embedded = await embedImage(engine, await readImage(path, { signal }), request, signal);
  const answered = await answerImage(engine, embedded, request, signal);
  const maps = new Map<string, HeatMap>();
  for (const name of request.maps) maps.set(name, await mapOf(engine, answered, name, signal));
  const { source, view } = answered;
  for (const outside of request.outside) {
    maps.set(outside.name, await outside.map(source.picture, view.box, engine.model.config.imageSize, signal));
  }
  const made = [...maps].map(([name, map]) => heatMapReport(name, map));
  return { ...answered, maps, report: { ...answered.report, maps: made } };
}

/** The first step: the image as the model's tokens, and what the whole model says of it. */
export async function embedImage(
  { model }: ImageEngine,
  source: SourceImage,
  { framing, stream }: Pick<InterpretRequest, 'framing' | 'stream'>,
  signal?: AbortSignal,
): Promise<EmbeddedImage> {
  const view = prepareImage(source.picture, model.bundle.manifest, framing);
  const run = await ImageRun.begin(model, view.tensor, signal, stream);
  return { source, view, full: await model.classify(view.tensor, signal), run, stream };
}

/** The second: patches are chosen, group by group. */
export async function answerImage(
  engine: ImageEngine,
  embedded: EmbeddedImage,
  request: Pick<InterpretRequest, 'selector' | 'topCount'>,
  signal?: AbortSignal,
): Promise<AnsweredImage> {
  const selected = await embedded.run.select(request.selector, signal);
  const report = reportOf(engine, embedded, selected, request);
  return { ...embedded, selected, predicted: mostProbable(selected.logits), report };
}

/** The third, for each map. */
export function mapOf(
  engine: ImageEngine,
  { view, predicted: wanted, selected: { groups }, stream }: AnsweredImage,
  name: ImageMapName,
  signal?: AbortSignal,
): Promise<HeatMap> {
  return imageMap(engine, name, { image: view.tensor, wanted, groups, stream }, signal);
}

export function heatMapReport(name: string, { width, height, scores }: HeatMap): Interpretation['maps'][number] {
  return { name, width, height, scores: [...scores] };
}

function reportOf(
  { model, runtime: { target } }: ImageEngine,
  { source, view: { box }, full }: EmbeddedImage,
  selected: SelectedImage,
  { selector, topCount }: Pick<InterpretRequest, 'selector' | 'topCount'>,
): Interpretation {
  const { path, format, width, height, pages, picture } = source;
  const { manifest, labels } = model.bundle;
  const { imageSize, patchSize, classes } = model.config;
  const [scaleX, scaleY] = [width / picture.width, height / picture.height];
  const isInterpreted = selector.name === 'interpreter';
  const kept = selected.groups.map((group) => group.kept.length);
  return {
    image: { path, format, width, height, pages },
    seen: {
      left: box.left * scaleX,
      top: box.top * scaleY,
      right: box.right * scaleX,
      bottom: box.bottom * scaleY,
    },
    model: { name: manifest.name, imageSize, patchSize, classes, trained: manifest.trained },
    device: { used: target.device, precision: target.precision },
    selector: selector.name,
    top: [...topPredictions(softmax(selected.logits), labels, topCount)],
    fullTop: [...topPredictions(softmax(full), labels, topCount)],
    groups: selected.groups.map((_, group) => groupReport(model, selected, group, selector)),
    gmacs: model.cost(kept, isInterpreted).total,
    gmacsFull: model.cost(null, false).total,
    maps: [],
  };
}

function groupReport(
  model: ImageEngine['model'],
  { groups }: SelectedImage,
  index: number,
  selector: ImageSelector,
): ImageGroup {
  const { present, kept, scores } = groups[index] ?? { present: [], kept: [], scores: null };
  const { firstBlock, blocks } = model.selection?.groups[index] ?? { firstBlock: 0, blocks: model.config.depth };
  const rule = selector.name === 'full' ? undefined : selector.rules[index];
  return {
    firstBlock,
    blocks,
    present: present.length,
    kept: [...kept],
    keepRatio: kept.length / model.patchCount,
    threshold: rule?.kind === 'threshold' ? rule.threshold : null,
    scores: scores === null ? null : [...scores],
  };
}
