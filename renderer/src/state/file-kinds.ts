import { IMAGE_EXTENSIONS } from '#contract/image-files.ts';
import { VIDEO_EXTENSIONS } from '#contract/video-files.ts';
import type { Screen } from './navigation.svelte.ts';

/** What files are taken for by their names; what they are is found out when they are opened. */

/** Pictures that are not read: the Image screen says why, and what to do. */
const UNREAD_IMAGE_EXTENSIONS: readonly string[] = ['heic', 'heif', 'bmp', 'svg', 'jxl'];
export const CHECKPOINT_ENDING = /\.(pyth|pth|pt|bin|safetensors)$/i;

/** Files that arrived together, by where they belong, each in the order in which they came. */
export interface SortedFiles<T> {
  readonly checkpoints: readonly T[];
  readonly images: readonly T[];
  /** Whatever else there is: a name says little, and the engine says what is wrong with it. */
  readonly videos: readonly T[];
}

/**
 * Sorts files by their names, and by the screen that is shown: what has no known name is what that screen asks for, and a
 * GIF, which is a video as well, is an image where images are looked at.
 */
export function sortFiles<T extends { readonly name: string }>(files: readonly T[], screen: Screen): SortedFiles<T> {
  const { checkpoint = [], image = [], video = [] } = Object.groupBy(files, ({ name }) => kindOf(name, screen));
  return { checkpoints: checkpoint, images: image, videos: video };
}

export function isVideoName(name: string): boolean {
  return VIDEO_EXTENSIONS.includes(extensionOf(name));
}

/** Whether it is an image and no video, as a GIF is. */
export function isStillName(name: string): boolean {
  return isImageName(name) && !isVideoName(name);
}

function isImageName(name: string): boolean {
  const extension = extensionOf(name);
  return IMAGE_EXTENSIONS.includes(extension) || UNREAD_IMAGE_EXTENSIONS.includes(extension);
}

function kindOf(name: string, screen: Screen): 'checkpoint' | 'image' | 'video' {
  if (CHECKPOINT_ENDING.test(name)) return 'checkpoint';
  if (screen === 'image') return isVideoName(name) && !isImageName(name) ? 'video' : 'image';
  if (isStillName(name)) return 'image';
  // Models are folders, too.
  return screen === 'models' && !isVideoName(name) ? 'checkpoint' : 'video';
}

/** Small, without the dot; empty where there is none. */
function extensionOf(name: string): string {
  return /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? '';
}
