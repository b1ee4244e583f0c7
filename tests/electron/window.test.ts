import { beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '#contract/commands.ts';
import { buildDesktop } from '../../build/desktop.ts';
import { SAMPLE } from '../fixtures/analysis.ts';
import { complaintsOf } from '../fixtures/browser/chromium.ts';
import { startDesktop, WITHOUT_ELECTRON } from '../fixtures/electron/program.ts';

/** The built app in Electron itself: what no stand-in for Electron can show. */

const SOON = { timeout: 30_000 };

beforeAll(async () => {
  if (WITHOUT_ELECTRON === null) await buildDesktop();
});

describe.skipIf(WITHOUT_ELECTRON !== null)(
  `in Electron${WITHOUT_ELECTRON === null ? '' : ` (${WITHOUT_ELECTRON})`}`,
  () => {
    test('a video of the command line is opened, analysed and played, without a complaint', async () => {
      await using desktop = await startDesktop([SAMPLE]);
      const { page } = desktop;
      const complaints = complaintsOf(page);
      await expect.poll(() => page.getByTestId('phase').textContent(), { timeout: 120_000 }).toBe('done');
      const video = page.locator('video');
      expect(await video.getAttribute('src')).toMatch(/^media:\/\/file\/[A-Za-z0-9_-]{22}$/);
      const seen = await video.evaluate(async (element: HTMLVideoElement) => {
        const until = (event: string) =>
          new Promise((resolve) => element.addEventListener(event, resolve, { once: true }));
        if (element.readyState < 1) await until('loadedmetadata');
        element.currentTime = 0.8 * element.duration;
        await until('seeked');
        return {
          reached: element.currentTime / element.duration,
          seekable: element.seekable.end(0) / element.duration,
        };
      });
      expect(seen.seekable).toBeCloseTo(1, 3);
      expect(seen.reached).toBeCloseTo(0.8, 2);
      expect(
        complaints.filter((line) => !line.startsWith('foreign: app:') && !line.startsWith('foreign: media:')),
      ).toEqual([]);
    });

    test('the page is alone with its bridge, without Node, at an address of its own', async () => {
      await using desktop = await startDesktop();
      const { page } = desktop;
      expect(page.url()).toBe('app://patchlight/');
      const inPage = await page.evaluate(() => ({
        require: typeof Reflect.get(window, 'require'),
        process: typeof Reflect.get(window, 'process'),
        bridge: Object.keys(Reflect.get(window, 'patchlight') ?? {}).length > 0,
      }));
      expect(inPage).toEqual({ require: 'undefined', process: 'undefined', bridge: true });
    });

    test('the page stays where it is, and gets no other window', async () => {
      await using desktop = await startDesktop();
      const { app, page } = desktop;
      await page.evaluate(() => {
        window.open('https://example.com/');
        location.assign('https://example.com/');
      });
      await page.waitForTimeout(500);
      expect(page.url()).toBe('app://patchlight/');
      expect(app.windows()).toHaveLength(1);
      const fetched = await page.evaluate(() =>
        fetch('https://example.com/').then(
          () => 'read',
          () => 'refused',
        ),
      );
      expect(fetched).toBe('refused');
    });

    test('files of the computer lead nowhere', async () => {
      await using desktop = await startDesktop();
      for (const address of [
        'file:///etc/passwd',
        'media://file/../../etc/passwd',
        'app://patchlight/../package.json',
      ]) {
        const outcome = await desktop.page.evaluate(
          (url) =>
            fetch(url).then(
              ({ status }) => status,
              () => 'refused',
            ),
          address,
        );
        expect([404, 'refused']).toContain(outcome);
      }
    });

    test('every command has its place in the native menu', async () => {
      await using desktop = await startDesktop();
      const ids = await desktop.app.evaluate(({ Menu }) => {
        const found: string[] = [];
        for (const menu of Menu.getApplicationMenu()?.items ?? []) {
          for (const { id } of menu.submenu?.items ?? []) if (id) found.push(id);
        }
        return found;
      });
      expect(ids).toEqual(expect.arrayContaining(COMMANDS.map(({ id }) => id)));
    });

    test('an engine that is killed comes back by itself, in a process of its own', async () => {
      await using desktop = await startDesktop();
      const { app, page } = desktop;
      const engine = () =>
        app.evaluate(
          ({ app: program }) => program.getAppMetrics().find(({ name }) => name === 'Patchlight Engine')?.pid,
        );
      await expect.poll(() => page.getByTestId('state').textContent(), SOON).toBe('ready');
      const before = await engine();
      expect(before).toEqual(expect.any(Number));
      process.kill(before!, 'SIGKILL');
      await expect.poll(async () => (await engine()) ?? before, SOON).not.toBe(before);
      await expect.poll(() => page.getByTestId('state').textContent(), SOON).toBe('ready');
    });

    test('the videos of a second start are opened in the first one’s window', async () => {
      await using desktop = await startDesktop();
      const { app, page } = desktop;
      await expect.poll(() => page.getByTestId('state').textContent(), SOON).toBe('ready');
      await app.evaluate(({ app: program }, path) => {
        // As Electron tells it, with what another start has sent.
        program.emit('second-instance', {}, [], '', { paths: [path] });
      }, SAMPLE);
      await expect.poll(() => page.locator('video').getAttribute('aria-label'), SOON).toBe('moving-figures.mp4');
    });
  },
);
