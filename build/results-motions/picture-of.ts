import { randomPicture, thresholdsPicture } from '../results/pictures/interpreter-pictures.ts';
import type { Result } from './document.ts';
import { gumbelPicture, interpretersPicture, rewardsPicture } from './pictures/curves.ts';
import { masksPicture, singleFramePicture, videoPicture } from './pictures/panels.ts';

/** The picture of a table, an SVG file as text. */
export function pictureOf(result: Result): string {
  switch (result.table) {
    case 'thresholds':
      return thresholdsPicture(result);
    case 'random':
      return randomPicture(result);
    case 'rewards':
      return rewardsPicture(result);
    case 'gumbel':
      return gumbelPicture(result);
    case 'interpreters':
      return interpretersPicture(result);
    case 'video':
      return videoPicture(result);
    case 'masks':
      return masksPicture(result);
    case 'single-frame':
      return singleFramePicture(result);
  }
}
