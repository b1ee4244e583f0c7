import type { MessagePortMain, UtilityProcess } from 'electron';
import type { EngineMessage, EngineStart, ShellMessage } from '#contract/engine-process.ts';
import { messagePort } from '#contract/rpc/message-port.ts';
import type { EngineEnd, EngineProcess } from '#shell/engine-process.ts';

export interface UtilityParts {
  readonly utilityProcess: {
    fork(
      modulePath: string,
      args: string[],
      options: { serviceName: string; stdio: ('ignore' | 'pipe')[]; execArgv: string[] },
    ): EngineUtilityProcess;
  };
  readonly MessageChannelMain: new () => { readonly port1: MessagePortMain; readonly port2: MessagePortMain };
}

/** The part of a utility process that is needed here. */
export interface EngineUtilityProcess extends Pick<UtilityProcess, 'kill' | 'stderr'> {
  postMessage(message: ShellMessage, transfer?: MessagePortMain[]): void;
  on(event: 'message', listener: (message: EngineMessage) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
}

/** The files of the processes. */
export interface EnginePaths {
  readonly engine: string;
  /** In which devices are tried. */
  readonly trial: string;
}

/** Of what the engine prints, so much is kept to explain its end. */
const KEPT_OUTPUT = 4000;

/**
 * Starts the engine in a utility process. Pages get ports that lead straight to it; so do the processes in which it has
 * devices tried, which end with it.
 */
export function startUtilityEngine(
  paths: EnginePaths,
  start: EngineStart,
  { utilityProcess, MessageChannelMain }: UtilityParts,
): EngineProcess<MessagePortMain> {
  const fork = (path: string, serviceName: string, stderr: 'ignore' | 'pipe') =>
    utilityProcess.fork(path, [], { serviceName, stdio: ['ignore', 'ignore', stderr], execArgv: [] });
  const child = fork(paths.engine, 'Patchlight Engine', 'pipe');
  const trials = new Map<number, EngineUtilityProcess>();
  const ready = Promise.withResolvers<void>();
  let printed = '';
  let failed: Extract<EngineMessage, { kind: 'failed' }>['error'] | undefined;

  const startTrial = (trial: number) => {
    const process = fork(paths.trial, 'Patchlight Device Trial', 'ignore');
    trials.set(trial, process);
    process.once('exit', (code) => {
      // Forgotten first: the engine may end at the same time.
      if (trials.delete(trial)) child.postMessage({ kind: 'trial-gone', trial, reason: `It ended with code ${code}.` });
    });
    const { port1, port2 } = new MessageChannelMain();
    process.postMessage({ kind: 'trial', trial }, [port1]);
    child.postMessage({ kind: 'trial', trial }, [port2]);
  };
  const endTrial = (trial: number) => {
    const process = trials.get(trial);
    trials.delete(trial);
    process?.kill();
  };

  child.stderr?.on('data', (text: Buffer) => {
    printed = (printed + text.toString('utf8')).slice(-KEPT_OUTPUT);
  });
  child.on('message', (message) => {
    if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'trial') startTrial(message.trial);
    else if (message.kind === 'trial-over') endTrial(message.trial);
    else if (message.kind === 'failed') {
      failed = message.error;
      child.kill();
    }
  });
  const ended = new Promise<EngineEnd>((resolve) => {
    child.once('exit', (code) => {
      for (const trial of [...trials.keys()]) endTrial(trial);
      const reason = `The process ended with code ${code}.\n${printed}`.trim();
      resolve({ reason, ...(failed === undefined ? {} : { error: failed }) });
    });
  });
  child.postMessage({ kind: 'start', start });

  let opened = 0;
  const open = (role: 'page' | 'control'): MessagePortMain => {
    opened += 1;
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage({ kind: 'open', role, connection: opened }, [port1]);
    return port2;
  };
  return {
    ready: ready.promise,
    ended,
    openControl: () => messagePort(open('control')),
    openPage: () => open('page'),
    kill: () => void child.kill(),
  };
}
