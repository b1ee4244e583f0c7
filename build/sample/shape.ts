import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { shapeImage } from '../../native-models/shapes/shape-image.ts';

/** Of the test split of Shapes: the model that ships has never learnt from it. */
const SHAPE = { split: 'test', index: 9 } as const;
const SIDE = 448;

/** Where the sample image lies in the repository. */
const SHAPE_PATH = fileURLToPath(new URL('shape.jpg', import.meta.url));

/** Draws the sample image and writes it to its place; gives its size in bytes. */
export async function writeShape(): Promise<number> {
  const { pixels } = shapeImage(SHAPE.split, SHAPE.index, { size: SIDE });
  const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
  const { size } = await sharp(pixels, { raw }).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toFile(SHAPE_PATH);
  return size;
}
