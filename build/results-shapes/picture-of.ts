import { randomPicture, thresholdsPicture } from '../results/pictures/interpreter-pictures.ts';
import type { Result } from './document.ts';
import { gumbelPicture, mapsPicture, peersPicture, rewardsPicture } from './pictures.ts';

/** The picture of a table, an SVG file as text. */
export function pictureOf(result: Result): string {
  switch (result.table) {
    case 'thresholds':
      return thresholdsPicture(result);
    case 'random':
      return randomPicture(result);
    case 'peers':
      return peersPicture(result);
    case 'maps':
      return mapsPicture(result);
    case 'rewards':
      return rewardsPicture(result);
    case 'gumbel':
      return gumbelPicture(result);
  }
}
