import type { ArrivedImages } from '../state/arrivals.svelte.ts';

/** Which of the images that arrived together is to be seen, and where. */
export function imagesWords({ first, count, isBehind }: ArrivedImages): string {
  const place = isBehind ? 'is open on the Image screen' : 'is shown';
  return `${first.name} ${place}${count > 1 ? `, the first of ${count} images` : ''}.`;
}
