import type { Page } from 'playwright-core';

/** What a player shows after a seek. */
export interface Shown {
  /** Time stamp of the picture, on the player's clock. */
  readonly mediaSeconds: number;
  /** The number that the picture carries (see `bar-code-video.ts`); null where it carries none. */
  readonly number: number | null;
}

export interface Played {
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly seekable: readonly [number, number];
  readonly shown: readonly Shown[];
}

/**
 * Plays a video in a page's own player, seeks to each of `seconds` in turn, and reads what is shown there.
 *
 * @param turned the picture was a landscape one, and is shown turned to the left
 * @throws what the player says when it cannot play it
 */
export async function shownInPlayer(
  page: Page,
  address: string,
  seconds: readonly number[],
  turned = false,
): Promise<Played> {
  return page.evaluate(
    async ({ address, seconds, turned }) => {
      const video = document.createElement('video');
      video.muted = true;
      document.body.replaceChildren(video);
      const until = (event: string) =>
        new Promise<void>((resolve, reject) => {
          video.addEventListener(event, () => resolve(), { once: true });
          video.addEventListener('error', () => reject(new Error(video.error?.message ?? 'no reason')), { once: true });
        });
      const presented = () =>
        new Promise<number>((resolve) => {
          video.requestVideoFrameCallback((_now, { mediaTime }) => resolve(mediaTime));
        });
      const loaded = until('loadeddata');
      const first = presented();
      video.src = address;
      await loaded;
      if (video.videoWidth === 0) throw new Error('There is no picture.');
      // Or the news of the first frame would be taken for that of the first seek.
      await first;

      const canvas = document.createElement('canvas');
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      const brightness = (bar: number): number => {
        const along = (bar + 0.5) / 15;
        const [x, y] = turned ? [0.5, 1 - along] : [along, 0.5];
        return context?.getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data[1] ?? 0;
      };
      const readNumber = (): number | null => {
        context?.drawImage(video, 0, 0);
        const [white, black] = [brightness(0), brightness(1)];
        if (white - black < 60) return null;
        let number = 0;
        for (let bar = 2; bar < 15; bar++) number = number * 2 + (brightness(bar) > (white + black) / 2 ? 1 : 0);
        return number;
      };

      const shown: { mediaSeconds: number; number: number | null }[] = [];
      for (const time of seconds) {
        const mediaSeconds = presented();
        const sought = until('seeked');
        video.currentTime = time;
        await sought;
        shown.push({ mediaSeconds: await mediaSeconds, number: readNumber() });
      }
      return {
        width: video.videoWidth,
        height: video.videoHeight,
        durationSeconds: video.duration,
        seekable: [video.seekable.start(0), video.seekable.end(0)] as const,
        shown,
      };
    },
    { address, seconds, turned },
  );
}
