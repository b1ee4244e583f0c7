import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { engineApi } from '#contract/engine-api.ts';
import { valuesOver } from '#contract/rpc/binary-port.ts';
import { connectApi } from '#contract/rpc/client.ts';
import { forkEngine } from '#serve/forked-engine.ts';
import { BUILT_DESKTOP, buildDesktop } from '../../../build/desktop.ts';
import { dataFolder } from '../../fixtures/engine-host.ts';

beforeAll(() => buildDesktop());

const programs = () =>
  readdirSync(join(BUILT_DESKTOP), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));

describe('the built desktop app', () => {
  test('names only what is there', () => {
    const { resolve } = createRequire(pathToFileURL(join(BUILT_DESKTOP, 'package.json')));
    const missing: string[] = [];
    for (const name of programs().filter((one) => !one.startsWith('dist'))) {
      const path = join(BUILT_DESKTOP, name);
      const source = readFileSync(path, 'utf8');
      for (const { fileName: specifier } of ts.preProcessFile(source).importedFiles) {
        if (specifier === 'electron' || specifier.startsWith('node:')) continue;
        try {
          resolve(specifier.startsWith('.') ? join(dirname(path), specifier) : specifier, { paths: [dirname(path)] });
        } catch {
          missing.push(`${name}: ${specifier}`);
        }
      }
    }
    expect(missing).toEqual([]);
    expect(programs().length).toBeGreaterThan(150);
  });

  test('holds no TypeScript, and a preload in one piece that needs Electron alone', () => {
    const names = readdirSync(BUILT_DESKTOP, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('.ts'))).toEqual([]);
    const preload = readFileSync(join(BUILT_DESKTOP, 'electron/preload/preload.cjs'), 'utf8');
    const required: string[] = [];
    const exposed: string[] = [];
    runInNewContext(preload, {
      require: (name: string) => {
        required.push(name);
        return {
          contextBridge: { exposeInMainWorld: (key: string) => exposed.push(key) },
          ipcRenderer: { on: () => {} },
          webUtils: {},
        };
      },
    });
    expect(required).toEqual(['electron']);
    expect(exposed).toEqual(['patchlight']);
  });

  test('has an engine that analyses the sample', async () => {
    await using _data = await dataFolder();
    const path = pathToFileURL(join(BUILT_DESKTOP, 'electron/engine/process/engine-process.js'));
    const engine = forkEngine({ secret: 'secret', library: null }, path);
    try {
      await engine.ready;
      const { client, close } = connectApi(engineApi, valuesOver(engine.openPage()));
      await client.settings.change({ device: 'cpu', precision: 'fp32' });
      const { file } = await client.videos.openSample();
      const request = { model: 'untrained-tiny', views: 1 } as const;
      const { job } = await client.analysis.begin({ file, request });
      const events = await Array.fromAsync(client.analysis.watch({ job }));
      expect(events.at(-1)).toMatchObject({ type: 'done' });
      close();
    } finally {
      engine.kill();
      await engine.ended;
    }
  });
});
