import { controlApi } from '#contract/control-api.ts';
import { engineApi } from '#contract/engine-api.ts';
import type { EngineStart } from '#contract/engine-process.ts';
import { toErrorData } from '#contract/errors.ts';
import { serveApi } from '#contract/rpc/server.ts';
import { controlCalls, engineCalls } from '../api/api.ts';
import { Workspace } from '../api/workspace.ts';
import { parentLink } from './parent-link.ts';

/**
 * The engine as a process of its own: Electron's utility process, or a child of `serve`. It opens its workspace when it is
 * told to start, then answers every connection that its parent opens.
 */

const parent = parentLink();

parent.onStart((start) => void begin(start));

async function begin(start: EngineStart): Promise<void> {
  try {
    const { backend } = parent;
    const workspace = await Workspace.open({ ...start, ...(backend === undefined ? {} : { backend }) });
    let finished: Promise<void> | undefined;
    const finish = () => {
      finished ??= workspace[Symbol.asyncDispose]();
      return finished;
    };
    parent.onGone(() => finish().finally(() => process.exit(0)));
    parent.onConnection((role, port) => {
      if (role === 'page') serveApi(engineApi, engineCalls(workspace), port);
      else serveApi(controlApi, controlCalls(workspace, finish), port);
    });
    // Trying the devices takes a moment: it should be over when the first video is opened. Who needs it hears of a failure.
    workspace.models.runtime().catch(() => {});
    parent.ready();
  } catch (thrown) {
    parent.fail(toErrorData(thrown));
    process.exitCode = 1;
    process.disconnect?.();
  }
}
