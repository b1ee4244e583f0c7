/**
 * `npm run results:motions -- <bundle> [table…]`: measures a trained bundle on the test split of Motions and writes each
 * table as a JSON document and a picture. Whatever interrupts it, the same command goes on with what is missing.
 */

import { join, resolve } from 'node:path';
import { StagedProgress } from '#cli/terminal/staged-progress.ts';
import type { Terminal } from '#cli/terminal/terminal.ts';
import { resolveBundle } from '#native-models/bundle/store.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { measuringOf, SESSIONS } from './results-motions/measuring.ts';
import { parseOptions } from './results-motions/options.ts';
import { runMotionsTables } from './results-motions/run-motions-tables.ts';

import { runResumable } from './resumable-command.ts';

async function main(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { bundle: name, singleFrame: other, tables, extent, out, cache, again, device, threads } = parseOptions(args);
  const bundle = await resolveBundle(name);
  const singleFrame = other === undefined ? null : await resolveBundle(other);
  await using runtime = await InferenceRuntime.start({ device, precision: 'auto', threads, sessions: SESSIONS });
  using progress = new StagedProgress(terminal);
  const rest = { ...extent, singleFrame, cache: resolve(cache), signal, onProgress: progress.update };
  const measuring = measuringOf(bundle, runtime, rest);
  const directory = resolve(out ?? join(bundle.directory, 'results'));
  for await (const { table, kept, file } of runMotionsTables({
    measuring,
    tables,
    out: directory,
    again,
    threads,
  })) {
    progress.clear();
    terminal.print(kept ? `${table}: was there (--again measures it anew)` : `${table}: ${file}`);
  }
}

await runResumable(main);
