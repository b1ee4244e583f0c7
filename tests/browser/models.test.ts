import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { importCheckpoint } from '#native-models/checkpoints/import-checkpoint.ts';
import { appInBrowser, type OpenedPage } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { CHROMIUM, describeInBrowser } from '../fixtures/browser/chromium.ts';
import { environment } from '../fixtures/environment.ts';
import { FileServer } from '../fixtures/http/file-server.ts';
import { filesOf, HUB, serveRepository } from '../fixtures/http/hub.ts';

const GOLDENS = resolve(import.meta.dirname, '../fixtures/goldens');
const { 'README.md': _, ...FILES } = filesOf(join(GOLDENS, 'divided_space_time-hf'));
const WEIGHTS = FILES['model.safetensors']!;
const COMMIT = '8aaf40ea7d3d282dcb0a5dea01a198320d15d6c0';
const LISTED = 'facebook/timesformer-base-finetuned-k400';
const PATIENCE = { timeout: 20_000 };

let hub: FileServer;
let variables: Disposable;
let opened: OpenedPage;
let page: Page;

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  hub = await FileServer.start();
  // The engine's process inherits them.
  variables = environment({ HF_ENDPOINT: hub.address(HUB), HTTP_PROXY: undefined, http_proxy: undefined });
});
afterAll(async () => {
  variables?.[Symbol.dispose]();
  await hub?.[Symbol.asyncDispose]();
});
const app = appInBrowser();

beforeEach(async () => {
  if (CHROMIUM === undefined) return;
  opened = await app.open({ colorScheme: 'dark', settings: { model: null } });
  page = opened.page;
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Models' }).click();
  await heading('Motions, tiny').waitFor(PATIENCE);
});
afterEach(async () => {
  await opened?.[Symbol.asyncDispose]();
});

const heading = (name: string | RegExp) => page.getByRole('main').getByRole('heading', { name, level: 2 });
const list = () => page.getByRole('navigation', { name: 'Models and ways to more' });
const entry = (name: string | RegExp) => list().getByRole('button', { name });
const button = (name: string | RegExp) => page.getByRole('button', { name });
const step = (title: string) =>
  page.getByRole('list', { name: 'Steps' }).getByRole('listitem').filter({ hasText: title });
const textOf = async (locator: ReturnType<typeof step>) => (await locator.innerText()).replace(/\s+/g, ' ');

async function chooseFile(path: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await button('Choose a file…').click();
  await (await chooser).setFiles(path);
  await page.getByLabel('Name of the model').waitFor(PATIENCE);
}

async function remove(name: string): Promise<void> {
  await entry(name).first().click();
  await button('Remove…').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await entry(name).waitFor({ state: 'detached' });
}

/** A drop, as the browser gives it. */
const drop = (name: string, bytes: Buffer) =>
  page.evaluate(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(content)], fileName));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [name, [...bytes]] as const,
  );

describeInBrowser('the models of this computer', () => {
  test('are shown with what they recognise, their licence and their card, which brings no markup of its own', async () => {
    const main = page.getByRole('main');
    await page.getByRole('list', { name: 'Classes' }).getByText('cartwheel', { exact: true }).waitFor();
    expect(await main.innerText()).toContain('Apache-2.0');
    const card = page.getByRole('region', { name: 'Model card' });
    await card.getByRole('table').first().waitFor();
    expect(await card.getByRole('cell', { name: 'joint_space_time' }).count()).toBe(1);
    expect(await card.locator('code').first().innerText()).toBe('motions-tiny');
    expect(await button('Remove…').count()).toBe(0);
    await main.getByText('It knows drawn figures only').waitFor();
    await button('Show one').click();
    await heading('TimeSformer, Kinetics-400').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  test('a card from elsewhere brings no script, no picture, and no links but to pages', async () => {
    const directory = join(app.served.data, 'models');
    await importCheckpoint(join(GOLDENS, 'space_only-hf'), { name: 'hostile', directory });
    const card = [
      '# Hostile <img src="x" onerror="document.title = 1">',
      '<script>document.title = 2</script>',
      '![a picture](https://tracker.example/pixel.png) [run](javascript:alert(1)) [read](https://papers.example/1)',
      'A & B, `<b>`, \\_plain\\_',
    ];
    await writeFile(join(directory, 'hostile', 'CARD.md'), card.join('\n\n'));
    await page.reload();
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Models' }).click();
    await entry('hostile').click(PATIENCE);
    const shown = page.getByRole('region', { name: 'Model card' });
    await shown.getByText('A & B, <b>, _plain_').waitFor();
    expect(await shown.locator('img, script').count()).toBe(0);
    expect(await shown.getByText('<script>document.title = 2</script>').count()).toBe(1);
    expect(
      await shown.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
    ).toEqual(['https://papers.example/1']);
    expect(await page.title()).toBe('Patchlight');
    await remove('hostile');
    expect(opened.complaints).toEqual([]);
  });

  test.each(['dark', 'light'] as const)(
    'are shown without a complaint of axe, %s, also when it is narrow',
    async (scheme) => {
      await page.emulateMedia({ colorScheme: scheme });
      for (const [width, height] of [
        [1280, 800],
        [900, 700],
      ] as const) {
        await page.setViewportSize({ width, height });
        for (const name of [/^motions-tiny/, /Kinetics-400, 486/, /^Another one/, /^This machine/]) {
          await entry(name).click();
          expect(await violationsOf(page)).toEqual([]);
          const overhang = await page.evaluate(() => {
            const pane = document.querySelector('.models .pane');
            return pane === null ? null : pane.scrollWidth - pane.clientWidth;
          });
          expect(overhang).toBe(0);
        }
      }
    },
  );
});

describeInBrowser('importing a checkpoint', () => {
  test('shows each step, asks for what is missing, and brings a model that can be used and removed', async () => {
    await button('Import…').click();
    await chooseFile(join(GOLDENS, 'joint_space_time.pyth'));
    expect(await page.getByLabel('Name of the model').inputValue()).toBe('joint_space_time');
    await page.getByLabel('Name of the model').fill('motions-tiny');
    await page.getByText('There is a model of that name.').waitFor();
    expect(await button('Import').last().isDisabled()).toBe(true);
    await page.getByLabel('Name of the model').fill('joint');
    await page.getByLabel('Licence').fill('CC-BY-NC-4.0');
    await page.getByRole('button', { name: 'Import', exact: true }).click();

    // It does not say how many heads it has.
    await page.getByRole('alert').getByText('attention heads').waitFor(PATIENCE);
    expect(await textOf(step('Check what it is'))).toContain('(failed)');
    await page.getByLabel('Attention heads').fill('3');
    await button('Try again').click();
    await button('Use joint').waitFor(PATIENCE);
    expect(await textOf(step('Check what it is'))).toContain(
      '(done) TimeSformer, joint space time; 4 frames of 32×32, rate 64. Every one of its 67,303 weights is there',
    );
    expect(await textOf(step('Name the classes'))).toContain('7 classes, which nobody has named: they are numbered');
    expect(await textOf(step('Try it once'))).toMatch(/A view of noise took [\d.]+ (ms|s) on cpu \(fp32\)/);
    expect(await violationsOf(page)).toEqual([]);

    await button('Use joint').click();
    await heading('joint_space_time').waitFor();
    await page.getByText('In use', { exact: true }).waitFor();
    await entry('joint').waitFor();
    expect(await page.getByRole('main').innerText()).toContain('CC-BY-NC-4.0');
    await page.getByText('patchlight train my-videos/ --model joint --pseudo-labels').waitFor();

    await button('Remove…').click();
    await page.getByRole('dialog').getByText('It is in use').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await remove('joint');
    await heading('Motions, tiny').waitFor();
    await page.getByText('In use', { exact: true }).waitFor();
    expect(opened.complaints).toEqual([]);
  });

  test('begins with a drop, on whatever screen, and tells what is no checkpoint', async () => {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Analyse' }).click();
    await drop('nonsense.pth', Buffer.from('no checkpoint'));
    await heading('Import a checkpoint').waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('alert').waitFor(PATIENCE);
    expect(await textOf(step('Check what it is'))).toContain('(failed)');
    await button('Another file').click();
    await page.getByText('Drop a checkpoint here').waitFor();
    expect(opened.complaints).toEqual([]);
  });
});

describeInBrowser('fetching a public checkpoint', () => {
  test('needs its licence accepted, is stopped, discarded or gone on with, and ends with a model', async () => {
    const half = Math.floor(WEIGHTS.length / 2);
    const repository = { id: LISTED, commit: COMMIT, licence: 'cc-by-nc-4.0', files: FILES };
    serveRepository(hub, { ...repository, weights: { hangs: [half] } });
    await entry(/Kinetics-400, 486/).click();
    await page.getByText('Not for commercial purposes').waitFor();
    expect(await button('Fetch 486 MB').isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'I have read it and accept CC-BY-NC-4.0' }).check();
    await button('Fetch 486 MB').click();
    const bar = page.getByRole('main').getByRole('progressbar', { name: 'Fetch the files' });
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow')), PATIENCE).toBeGreaterThan(40);
    expect(await violationsOf(page)).toEqual([]);
    await button('Cancel').click();
    await page.getByText('What has arrived is kept.').waitFor();
    await expect
      .poll(() =>
        entry(/Kinetics-400/)
          .first()
          .innerText(),
      )
      .toMatch(/kB are here/);

    // Another window, or the next day: what has arrived is offered there, and only the rest is fetched.
    await page.reload();
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Models' }).click();
    await entry(/Kinetics-400, \d+ kB are here/).click(PATIENCE);
    await page.getByRole('checkbox').check();
    await button(/^Go on/).click();
    await button('Use timesformer-k400').waitFor(PATIENCE);
    expect(hub.asked.at(-1)).toMatchObject({ status: 206, range: `bytes=${half}-` });
    expect(await textOf(step('Fetch the files'))).toContain('the SHA-256 is the one that its publisher states');
    expect(await textOf(step('Name the classes'))).toContain('named by the checkpoint');
    await button('Show it').click();
    await heading('TimeSformer, Kinetics-400').waitFor();
    const sha256 = createHash('sha256').update(WEIGHTS).digest('hex');
    await page.getByRole('region', { name: 'Model card' }).getByText(sha256).waitFor();
    expect(await readdir(join(app.served.data, 'fetches'))).toEqual([]);
    await remove('timesformer-k400');
    expect(opened.complaints).toEqual([]);
  });

  test('of any repository first shows what it has', async () => {
    const repository = { id: 'somebody/waving', commit: COMMIT, licence: 'apache-2.0', files: FILES };
    serveRepository(hub, repository);
    await entry(/^Another one/).click();
    await page.getByLabel(/Hugging Face repository/).fill('somebody/nothing');
    await button('Look it up').click();
    await page.getByRole('alert').getByText('has nothing at that address').waitFor(PATIENCE);
    await page.getByLabel(/Hugging Face repository/).fill(hub.address(`${HUB}/somebody/waving`));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'somebody/waving' }).waitFor(PATIENCE);
    await page.getByText('Apache License 2.0').waitFor();
    await page.getByText(COMMIT.slice(0, 12)).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('checkbox', { name: 'I have read it and accept Apache-2.0' }).check();
    await button(/^Fetch/).click();
    await button('Use waving').click(PATIENCE);
    await page.getByText('In use', { exact: true }).waitFor();
    await expect.poll(async () => (await opened.engine.settings.read()).model).toBe('waving');
    await remove('waving');
    expect(opened.complaints).toEqual([]);
  });

  test('tells of an address without a licence, and can be discarded', async () => {
    // It is looked at twice before it is fetched.
    hub.routes.set('/T.pyth', { body: Buffer.alloc(100_000), hangs: [2 ** 30, 2 ** 30, 50_000] });
    await entry(/^Another one/).click();
    await page.getByLabel(/Hugging Face repository/).fill(hub.address('/T.pyth'));
    await button('Look it up').click();
    await page.getByText('Nobody states one here').waitFor(PATIENCE);
    await page.getByRole('checkbox', { name: 'I know under which terms I may use them' }).check();
    await button(/^Fetch/).click();
    await page.getByText('50 kB of 100 kB').waitFor(PATIENCE);
    await button('Cancel').click();
    await button('Discard what has arrived').click();
    await entry(/^T 50 kB/).waitFor({ state: 'detached' });
    expect(await readdir(join(app.served.data, 'fetches'))).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
});

describeInBrowser('the machine', () => {
  test('is described, a device that does not work is told with its reason, and another can be chosen', async () => {
    await entry(/^This machine/).click();
    const main = page.getByRole('main');
    await main.getByText('CPU, fp32').first().waitFor(PATIENCE);
    const devices = page.getByRole('radiogroup', { name: 'Device' });
    await devices.getByText('CoreML').click();
    expect(await devices.getByRole('radio', { name: 'CoreML' }).isChecked()).toBe(true);
    await page
      .getByRole('alert')
      .getByText(/coreml/i)
      .waitFor(PATIENCE);
    await devices.getByText('CPU').click();
    await page.getByRole('alert').waitFor({ state: 'detached', ...PATIENCE });
    await main.getByText('CPU, fp32').first().waitFor(PATIENCE);
    expect(opened.complaints).toEqual([]);
  });

  test('is measured when asked for, and that can be stopped', async () => {
    await entry(/^This machine/).click();
    await button('Measure this machine').click();
    await page.getByText(/^Making a divided space time model/).waitFor(PATIENCE);
    await button('Stop measuring').click();
    await button('Measure this machine').waitFor(PATIENCE);
    expect(opened.complaints).toEqual([]);
  });
});
