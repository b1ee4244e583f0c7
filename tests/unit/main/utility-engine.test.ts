import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { controlApi } from '#contract/control-api.ts';
import { AlreadyRunningError, toErrorData } from '#contract/errors.ts';
import { request } from '#contract/rpc/api.ts';
import { connectApi } from '#contract/rpc/client.ts';
import { messagePort } from '#contract/rpc/message-port.ts';
import { serveApi } from '#contract/rpc/server.ts';
import type { EngineState } from '#contract/shell-api.ts';
import { utilityLink } from '#engine/process/parent-link.ts';
import type { TrialParent } from '#engine/process/trial-host.ts';
import { startUtilityEngine } from '#main/utility-engine.ts';
import type { NumberedRequest } from '#native-models/runtime/messages.ts';
import { EngineSupervisor } from '#shell/engine-supervisor.ts';
import { MessageChannelMain } from '../../fixtures/electron/ports.ts';
import { StandInProcesses } from '../../fixtures/electron/utility-process.ts';

const PATHS = { engine: '/app/engine.js', trial: '/app/trial.js' };
const START = { secret: 'secret', library: null };
const pageApi = { page: { double: request(z.number(), z.number()) } };

/** What is granted to engines, in the order of their runs. */
let granted: string[][];
let links: ReturnType<typeof utilityLink>[];

beforeEach(() => {
  granted = [];
  links = [];
});

/** An engine that answers the control API and doubles numbers for pages. */
function engine(parent: TrialParent): void {
  const link = utilityLink(parent);
  const paths: string[] = [];
  granted.push(paths);
  links.push(link);
  link.onConnection((role, port) => {
    if (role === 'page') serveApi(pageApi, { page: { double: (n) => 2 * n } }, port);
    else {
      const calls = {
        grant: ({ path }: { path: string }) => {
          paths.push(path);
          return { file: 'A'.repeat(22), name: path };
        },
        locate: () => ({ path: '/v/a.mp4' }),
        dataFolder: () => ({ path: '/data' }),
        finish: () => undefined,
      };
      serveApi(controlApi, { control: calls }, port);
    }
  });
  link.onStart(() => link.ready());
}

/** A trial that computes on request, and hangs on runs. */
function trial(parent: TrialParent): void {
  parent.on('message', ({ ports: [port] }) => {
    port?.on('message', ({ data }) => {
      const { id, request: asked } = data as NumberedRequest;
      if (asked.kind === 'devices') port.postMessage({ id, ok: true, answer: ['webgpu', 'cpu'] });
    });
    port?.start();
  });
}

function supervised(programs = { [PATHS.engine]: engine, [PATHS.trial]: trial }) {
  const processes = new StandInProcesses(programs);
  const parts = { utilityProcess: processes.utilityProcess, MessageChannelMain };
  const supervisor = new EngineSupervisor(() => startUtilityEngine(PATHS, START, parts));
  const states: EngineState['state'][] = [];
  supervisor.onState(({ state }) => states.push(state));
  return { processes, supervisor, states };
}

describe('pages', () => {
  test('get ports that lead straight to the engine', async () => {
    const { supervisor } = supervised();
    const { client, close } = connectApi(pageApi, messagePort(await supervisor.openPage()));
    expect(await client.page.double(21)).toBe(42);
    close();
    await supervisor.finish();
  });

  test('find what was granted before under an engine that was started again', async () => {
    const { processes, supervisor, states } = supervised();
    await supervisor.grant('/v/a.mp4');
    processes.latest(PATHS.engine).exit(11);
    await expect.poll(() => states).toEqual(['running', 'restarting', 'running']);
    expect(granted).toEqual([['/v/a.mp4'], ['/v/a.mp4']]);
    const { client, close } = connectApi(pageApi, messagePort(await supervisor.openPage()));
    expect(await client.page.double(1)).toBe(2);
    close();
    await supervisor.finish();
  });
});

describe('an engine that ends', () => {
  test('more than three times a minute is left alone until somebody asks for it', async () => {
    const { processes, supervisor, states } = supervised();
    for (let i = 0; i < 4; i++) {
      await supervisor.ready();
      processes.latest(PATHS.engine).exit(1);
      await expect.poll(() => states.filter((state) => state !== 'running').length).toBe(i + 1);
    }
    expect(supervisor.state).toMatchObject({ state: 'stopped', error: { code: 'engine-stopped' } });
    await expect(supervisor.openPage()).rejects.toMatchObject({ code: 'engine-stopped' });
    supervisor.restart();
    await supervisor.openPage();
    expect(supervisor.state.state).toBe('running');
    await supervisor.finish();
  });

  test('because it cannot start, is not started again, and says why', async () => {
    const { supervisor, processes } = supervised({
      [PATHS.engine]: (parent: TrialParent) => {
        const link = utilityLink(parent);
        link.onStart(() =>
          link.fail(toErrorData(new AlreadyRunningError('Another one is running.', { hint: 'Close it.' }))),
        );
      },
      [PATHS.trial]: trial,
    });
    await expect(supervisor.ready()).rejects.toMatchObject({ code: 'already-running', hint: 'Close it.' });
    expect(supervisor.state).toMatchObject({ state: 'stopped', error: { code: 'already-running' } });
    expect(processes.started).toHaveLength(1);
  });

  test('because the program ends, is not started again', async () => {
    const { supervisor, processes, states } = supervised();
    await supervisor.ready();
    await supervisor.finish();
    expect(processes.started).toHaveLength(1);
    expect(states).toEqual(['running']);
  });
});

describe('devices are tried in processes of their own', () => {
  test('which the main process starts, and ends when they are given up', async () => {
    const { supervisor, processes } = supervised();
    await supervisor.ready();
    const worker = links[0]!.backend!.startTrial();
    expect(await worker.devices()).toEqual(['webgpu', 'cpu']);
    const process = processes.latest(PATHS.trial);
    const run = worker.run(1, {});
    worker.abandon();
    await expect(run).rejects.toMatchObject({ code: 'inference-worker-stopped' });
    await expect.poll(() => process.killed).toBe(true);
    await supervisor.finish();
  });

  test('and a driver that crashes there is a refusal, not the end of the engine', async () => {
    const { supervisor, processes, states } = supervised();
    await supervisor.ready();
    const worker = links[0]!.backend!.startTrial();
    await worker.devices();
    const run = worker.run(1, {});
    processes.latest(PATHS.trial).exit(139);
    await expect(run).rejects.toMatchObject({
      code: 'inference-worker-stopped',
      detail: expect.stringContaining('139'),
    });
    expect(states).toEqual(['running']);
    await supervisor.finish();
  });

  test('and they end with the engine', async () => {
    const { supervisor, processes } = supervised();
    await supervisor.ready();
    const worker = links[0]!.backend!.startTrial();
    await worker.devices();
    processes.latest(PATHS.engine).exit(1);
    await expect.poll(() => processes.latest(PATHS.trial).killed).toBe(true);
    await supervisor.finish();
  });
});
