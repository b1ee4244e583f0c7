import { basename, extname } from 'node:path';
import type { EngineImplementation } from '#contract/engine-api.ts';
import type { GrantedFile } from '#contract/files.ts';
import { resolveImageSelector } from '#native-models/selection/image-selector.ts';
import { DrawingBoard } from '../export/video/drawing.ts';
import { readImage } from '../images/read-image.ts';
import { pictureOf, pngOf, svgOf } from '../interpretation/figures/svg-figure.ts';
import { ImageDesk } from '../interpretation/image-desk.ts';
import { answerImage, heatMapReport, mapOf } from '../interpretation/interpret-image.ts';
import { imageMaps, parseImageMaps } from '../interpretation/map-names.ts';
import { hierarchyOf, largePicture } from '../interpretation/write-interpretation.ts';
import type { Workspace } from './workspace.ts';

type Calls = EngineImplementation['images'];
type Request = Parameters<Calls['select']>[0];

/** What windows may ask about images. */
export function imageCalls({ files, models, sampleImage }: Workspace): Calls {
  const desk = new ImageDesk();

  const answered = async ({ file, model, selector, framing, topK }: Request, signal: AbortSignal) => {
    const engine = await models.openForImages(model);
    const embedded = await desk.take(engine, files.path(file), framing, signal);
    const chosen = resolveImageSelector(engine.model.bundle.manifest, selector);
    return { engine, image: await answerImage(engine, embedded, { selector: chosen, topCount: topK }, signal) };
  };

  const opened = async ({ file, name }: GrantedFile, signal: AbortSignal) => {
    const { format, width, height, pages } = await readImage(files.path(file), { signal });
    return { file, name, format, width, height, pages };
  };

  return {
    open: ({ file }, { signal }) => opened({ file, name: basename(files.path(file)) }, signal),
    openSample: (_, { signal }) => opened(files.remember(sampleImage), signal),

    async *interpret({ maps, ...request }, { signal }) {
      const { engine, image } = await answered(request, signal);
      const { manifest } = engine.model.bundle;
      yield { type: 'picture', picture: largePicture(engine.model, image) };
      yield { type: 'answer', interpretation: image.report };
      for (const name of maps === undefined ? imageMaps(manifest) : parseImageMaps(maps, manifest)) {
        yield { type: 'map', map: heatMapReport(name, await mapOf(engine, image, name, signal)) };
      }
      yield { type: 'done' };
    },

    select: async (request, { signal }) => (await answered(request, signal)).image.report,

    async figure({ format, ...request }, { signal }) {
      const { engine, image } = await answered(request, signal);
      const board = await DrawingBoard.open();
      const figure = hierarchyOf(engine.model, largePicture(engine.model, image), image.report, board);
      const content = format === 'svg' ? new TextEncoder().encode(svgOf(figure)) : pngOf(pictureOf(figure, board));
      const name = basename(image.source.path);
      return { name: `${name.slice(0, name.length - extname(name).length)}.hierarchical.${format}`, content };
    },
  };
}
