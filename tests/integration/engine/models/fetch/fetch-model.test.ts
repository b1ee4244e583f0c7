import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ModelFetch, ModelFetchEvent } from '#contract/model-fetch.ts';
import { sharedEngine } from '../../../../fixtures/engine-host.ts';
import { environment } from '../../../../fixtures/environment.ts';
import { FileServer } from '../../../../fixtures/http/file-server.ts';
import { filesOf, HUB, type HubRepository, serveRepository } from '../../../../fixtures/http/hub.ts';

const GOLDENS = resolve(import.meta.dirname, '../../../../fixtures/goldens');
const COMMIT = '8aaf40ea7d3d282dcb0a5dea01a198320d15d6c0';
const SOURCE = 'somebody/timesformer-tiny';

const engine = sharedEngine();
let server: FileServer;
let hub: Disposable;
beforeEach(async () => {
  server = await FileServer.start();
  hub = environment({ HF_ENDPOINT: server.address(HUB), HTTP_PROXY: undefined, http_proxy: undefined });
});
afterEach(async () => {
  for (const model of await engine.client.models.list())
    if (model.origin === 'user') await engine.client.models.remove({ name: model.name });
  for (const { source } of (await engine.client.models.catalogue()).unfinished)
    await engine.client.models.discardFetch({ source });
  hub[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

/** A repository with the files of a golden model. */
function golden(changes: Partial<HubRepository> = {}): HubRepository {
  const { 'README.md': _, ...files } = filesOf(join(GOLDENS, 'divided_space_time-hf'));
  return { id: SOURCE, commit: COMMIT, licence: 'cc-by-nc-4.0', files, ...changes };
}

const REQUEST: ModelFetch = { source: SOURCE, name: 'tiny', acceptedLicence: 'CC-BY-NC-4.0' };
const fetchAll = (request: Partial<ModelFetch> = {}) =>
  Array.fromAsync(engine.client.models.fetch({ ...REQUEST, ...request }));
const typesOf = (events: readonly ModelFetchEvent[]) => [...new Set(events.map(({ type }) => type))];
const modelNames = async () => (await engine.client.models.list()).map(({ name }) => name);

/** Fetches until half of the weights are here, and leaves; gives how many bytes of them that is. */
async function leaveHalfWay(): Promise<number> {
  const { files } = golden();
  const half = Math.floor(files['model.safetensors']!.length / 2);
  const small = files['config.json']!.length + files['preprocessor_config.json']!.length;
  serveRepository(server, golden({ weights: { hangs: [half] } }));
  for await (const event of engine.client.models.fetch(REQUEST))
    if (event.type === 'download' && event.bytesDone === small + half) break;
  return half;
}

describe('the catalogue', () => {
  test('lists the Kinetics TimeSformers with their licence and size, and asks nobody for it', async () => {
    const { checkpoints, unfinished } = await engine.client.models.catalogue();
    expect(checkpoints.map(({ source, classes }) => [source, classes])).toEqual([
      ['facebook/timesformer-base-finetuned-k400', 400],
      ['facebook/timesformer-base-finetuned-k600', 600],
      ['facebook/timesformer-hr-finetuned-k400', 400],
      ['facebook/timesformer-hr-finetuned-k600', 600],
    ]);
    // 121.4 million parameters of four bytes; 196 of what the paper calls GFLOPs.
    expect(checkpoints[0]).toMatchObject({ input: '8 frames of 224×224, rate 32', licence: { id: 'CC-BY-NC-4.0' } });
    expect(checkpoints[0]!.bytes / 1e6).toBeCloseTo(486, 0);
    expect(checkpoints[0]!.gmacs).toBeCloseTo(196, 0);
    expect(unfinished).toEqual([]);
    expect(server.asked).toEqual([]);
  });
});

describe('an offer', () => {
  test('says what a repository has, at which commit, and under which licence', async () => {
    serveRepository(server, golden());
    const { 'model.safetensors': weights } = golden().files;
    expect(await engine.client.models.offer({ source: server.address(`${HUB}/${SOURCE}`) })).toMatchObject({
      ...{ source: SOURCE, title: SOURCE, revision: COMMIT, name: 'timesformer-tiny', bytesKept: 0 },
      licence: { id: 'CC-BY-NC-4.0', conditions: expect.arrayContaining(['Not for commercial purposes']) },
      files: [
        { name: 'config.json' },
        { name: 'preprocessor_config.json' },
        {
          name: 'model.safetensors',
          bytes: weights!.length,
          sha256: createHash('sha256').update(weights!).digest('hex'),
        },
      ],
    });
  });

  test('says what an address gives, and that nobody states a licence', async () => {
    server.routes.set('/get/Tiny_8x32.pyth', { body: Buffer.alloc(100) });
    expect(await engine.client.models.offer({ source: server.address('/get/Tiny_8x32.pyth?token=x') })).toMatchObject({
      ...{ title: 'Tiny_8x32', name: 'tiny_8x32', revision: null, licence: { id: 'unknown', url: null } },
      page: server.address('/get/Tiny_8x32.pyth'),
      files: [{ name: 'Tiny_8x32.pyth', bytes: 100, sha256: null }],
    });
  });

  test.each<[string, Partial<HubRepository> | null, string]>([
    ['is not there', null, 'source-missing'],
    ['has no weights', { files: { 'config.json': Buffer.from('{}') } }, 'source-missing'],
    [
      'has weights in several parts',
      { files: { 'config.json': Buffer.from('{}'), 'model-00001-of-00002.safetensors': Buffer.alloc(8) } },
      'source-missing',
    ],
    ['is not for everybody', { gated: 'auto' }, 'source-refused'],
  ])('is none where the repository %s', async (_, changes, code) => {
    if (changes !== null) serveRepository(server, golden(changes));
    await expect(engine.client.models.offer({ source: SOURCE })).rejects.toMatchObject({
      code,
      hint: expect.any(String),
    });
  });

  test('is none where the hub says something that cannot be understood', async () => {
    server.routes.set(`${HUB}/api/models/${SOURCE}/revision/main`, { body: Buffer.from('{"sha": 7}') });
    await expect(engine.client.models.offer({ source: SOURCE })).rejects.toMatchObject({ code: 'source-unsuitable' });
  });
});

describe('a fetch', () => {
  test('brings a repository, checked against its checksum, tried, and with its origin written down', async () => {
    serveRepository(server, golden());
    const events = await fetchAll();
    expect(typesOf(events)).toEqual([
      ...['download', 'checksum', 'downloaded', 'checked', 'progress', 'trial', 'done'],
    ]);
    const sha256 = createHash('sha256').update(golden().files['model.safetensors']!).digest('hex');
    expect(events.find(({ type }) => type === 'downloaded')).toMatchObject({
      files: [{ name: 'config.json' }, {}, { name: 'model.safetensors', sha256, verified: true }],
    });
    expect(events.find(({ type }) => type === 'checked')).toMatchObject({
      ...{ format: 'hugging-face', classes: 7, labelsFrom: 'checkpoint', interpreter: false },
      firstLabels: ['class 0', 'class 1', 'class 2', 'class 3', 'class 4'],
    });
    expect(events.at(-1)).toMatchObject({
      model: {
        name: 'tiny',
        provenance: 'fetched',
        licence: { name: 'CC-BY-NC-4.0', source: server.address(`${HUB}/${SOURCE}`) },
      },
      trial: { device: 'cpu' },
    });

    const manifest = JSON.parse(await readFile(join(engine.folder, 'models/tiny/manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ formatVersion: 3, fetched: { source: SOURCE, revision: COMMIT } });
    const { card, fetched } = await engine.client.models.details({ name: 'tiny' });
    expect(fetched?.files.at(-1)).toEqual({ name: 'model.safetensors', bytes: expect.any(Number), sha256 });
    for (const part of ['CC-BY-NC-4.0', SOURCE, COMMIT, sha256]) expect(card).toContain(part);
    expect(card).not.toContain('secret');
    expect(await readdir(join(engine.folder, 'fetches'))).toEqual([]);
  });

  test('brings the one file of an address, with what it may not say itself', async () => {
    server.routes.set('/T.pyth', { body: await readFile(join(GOLDENS, 'joint_space_time.pyth')) });
    const source = server.address('/T.pyth?key=secret');
    const events = await fetchAll({ source, acceptedLicence: 'unknown', heads: 3, samplingRate: 8 });
    expect(events.at(-1)).toMatchObject({ type: 'done', format: 'timesformer', model: { title: 'T' } });
    // Keys in an address are nobody else's business.
    for (const file of ['manifest.json', 'CARD.md'])
      expect(await readFile(join(engine.folder, 'models/tiny', file), 'utf8')).not.toContain('secret');
  });

  test.each([['MIT'], ['cc-by-nc-4.0'], ['']])(
    'is refused unless its own licence is accepted, not %j',
    async (accepted) => {
      serveRepository(server, golden());
      await expect(fetchAll({ acceptedLicence: accepted })).rejects.toMatchObject({
        code: 'licence-not-accepted',
        message: expect.stringContaining('Attribution-NonCommercial'),
        hint: expect.stringContaining('CC-BY-NC-4.0'),
      });
      expect(server.asked.filter(({ method, path }) => method === 'GET' && path.includes('resolve'))).toEqual([]);
      expect(await modelNames()).not.toContain('tiny');
    },
  );

  test('does not begin under a name that is taken', async () => {
    await expect(fetchAll({ name: 'motions-tiny' })).rejects.toMatchObject({ code: 'bundle-exists' });
    expect(server.asked).toEqual([]);
  });

  test('that was left goes on where it stopped, also with another engine', async () => {
    const half = await leaveHalfWay();
    await expect
      .poll(async () => (await engine.client.models.catalogue()).unfinished)
      .toMatchObject([{ source: SOURCE, bytesDone: expect.any(Number), bytesTotal: expect.any(Number) }]);
    expect((await engine.client.models.offer({ source: SOURCE })).bytesKept).toBeGreaterThanOrEqual(half);
    expect(await modelNames()).not.toContain('tiny');

    await engine.stop();
    await engine.start();
    const events = await fetchAll();
    expect(events.at(-1)?.type).toBe('done');
    const { path, ...last } = server.asked.at(-1)!;
    expect(path).toMatch(/^\/cdn\//);
    expect(last).toMatchObject({ status: 206, range: `bytes=${half}-` });
    expect((await engine.client.models.catalogue()).unfinished).toEqual([]);
  });

  test('goes on with the weights where another commit has the same ones', async () => {
    await leaveHalfWay();
    const commit = COMMIT.replace(/^./, '9');
    serveRepository(server, golden({ commit }));
    await expect.poll(async () => (await fetchAll()).at(-1)?.type).toBe('done');
    expect(server.asked.at(-1)).toMatchObject({ status: 206 });
    expect((await engine.client.models.details({ name: 'tiny' })).fetched?.revision).toBe(commit);
  });

  test('whose weights are not those that the hub describes leaves no model and no weights', async () => {
    serveRepository(server, golden({ statedSha256: 'f'.repeat(64) }));
    await expect(fetchAll()).rejects.toMatchObject({ code: 'checksum-mismatch' });
    expect(await modelNames()).not.toContain('tiny');
    const [{ bytesDone = 0 } = {}] = (await engine.client.models.catalogue()).unfinished;
    expect(bytesDone).toBeLessThan(5000);
  });

  test('of something that is no checkpoint keeps the file, so that a second try need not fetch it again', async () => {
    server.routes.set('/T.pyth', { body: await readFile(join(GOLDENS, 'joint_space_time.pyth')) });
    const source = server.address('/T.pyth');
    // It does not say how many heads it has.
    await expect(fetchAll({ source, acceptedLicence: 'unknown' })).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
    });
    expect(await modelNames()).not.toContain('tiny');
    const before = server.asked.length;
    expect((await fetchAll({ source, acceptedLicence: 'unknown', heads: 3 })).at(-1)?.type).toBe('done');
    // Only looked at, to see whether it is still the same.
    expect(server.asked.length).toBe(before + 1);
  });
});
