/**
 * `npm run results:shapes -- <bundle> [table…]`: measures a trained bundle on the test split of Shapes and writes each table
 * as a JSON document and a picture. Whatever interrupts it, the same command goes on with what is missing.
 */

import { join, resolve } from 'node:path';
import { StagedProgress } from '#cli/terminal/staged-progress.ts';
import type { Terminal } from '#cli/terminal/terminal.ts';
import { resolveBundle } from '#native-models/bundle/store.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { measuringOf } from './results-shapes/measuring.ts';
import { parseOptions } from './results-shapes/options.ts';
import { runShapesTables } from './results-shapes/run-shapes-tables.ts';
import { runResumable } from './resumable-command.ts';

async function main(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { bundle: name, tables, extent, peer, cache, out, again, device, threads } = parseOptions(args);
  const bundle = await resolveBundle(name);
  await using runtime = await InferenceRuntime.start({ device, precision: 'auto', threads });
  using progress = new StagedProgress(terminal);
  const peers = await Promise.all(peer.map((other) => resolveBundle(other)));
  const rest = { ...extent, peers, cache: resolve(cache), signal, onProgress: progress.update };
  const measuring = measuringOf(bundle, runtime, rest);
  const directory = resolve(out ?? join(bundle.directory, 'results'));
  for await (const { table, kept, file } of runShapesTables({ measuring, tables, out: directory, again, threads })) {
    progress.clear();
    terminal.print(kept ? `${table}: was there (--again measures it anew)` : `${table}: ${file}`);
  }
}

await runResumable(main);
