import { stat } from 'node:fs/promises';
import type { ImageFraming } from '../images/prepare-image.ts';
import { readImage } from '../images/read-image.ts';
import type { ImageEngine } from './image-engine.ts';
import { type EmbeddedImage, embedImage } from './interpret-image.ts';

interface Known {
  readonly engine: ImageEngine;
  readonly embedded: EmbeddedImage;
}

/** Images that are kept: pictures of 50 MB at most each. */
const MOST_IMAGES = 3;

/**
 * Keeps the images that windows have looked at last, so that nothing is decoded twice, and other thresholds run only the groups
 * that keep other patches.
 */
export class ImageDesk {
  readonly #images = new Map<string, Known>();

  /**
   * The image at the entry of the model, read and embedded unless it lies here.
   *
   * @throws what {@link readImage} and inference throw; the signal's reason
   */
  async take(engine: ImageEngine, path: string, framing: ImageFraming, signal?: AbortSignal): Promise<EmbeddedImage> {
    const info = await stat(path).catch(() => null);
    const { sha256 } = engine.model.bundle.manifest.weights;
    const key = [path, info?.size, info?.mtimeMs, sha256, framing].join(' ');
    const known = this.#images.get(key);
    // Sessions of a runtime that was ended are gone.
    const embedded =
      known?.engine.runtime === engine.runtime
        ? known.embedded
        : await embedImage(engine, await readImage(path, { signal }), { framing, stream: 0 }, signal);
    this.#images.delete(key);
    this.#images.set(key, { engine, embedded });
    for (const surplus of [...this.#images.keys()].slice(0, -MOST_IMAGES)) this.#images.delete(surplus);
    return embedded;
  }
}
