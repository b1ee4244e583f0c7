import type { Command } from 'commander';
import { UsageError } from '#contract/errors.ts';
import { modelFacts } from '#engine/models/model-facts.ts';
import { checkpointTitle, modelNameFrom } from '#engine/models/model-name.ts';
import { resizeInWords } from '#native-models/bundle/preparation.ts';
import {
  type BundleListing,
  bundleFolders,
  listBundles,
  newBundleDirectory,
  removeBundle,
  resolveBundle,
} from '#native-models/bundle/store.ts';
import { verifyBundle } from '#native-models/bundle/verify-bundle.ts';
import { importCheckpoint } from '#native-models/checkpoints/import-checkpoint.ts';
import type { CommandContext } from '../context.ts';
import { formatBytes, formatGmacs } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import { tableLines } from '../terminal/table.ts';
import { type CheckpointOptions, checkpointHints, checkpointOptions } from './checkpoint-options.ts';
import { addFetchCommands } from './models-fetch.ts';
import { nextStep } from './next-step.ts';

/** `patchlight models list | inspect | import | catalogue | fetch | discard | remove` */
export function addModelsCommand(program: Command, context: CommandContext): void {
  const command = program.command('models').description('Show, import and remove models.');
  command
    .command('list')
    .description('All models, shipped and imported.')
    .option('--json', 'as one JSON document')
    .action((options: { json?: boolean }) => list(options, context));
  command
    .command('inspect')
    .description('What one model is, and whether its weights are intact.')
    .argument('<name|dir>', 'model bundle, by name or folder')
    .option('--json', 'as one JSON document')
    .action((name: string, options: { json?: boolean }) => inspect(name, options, context));
  const importing = command
    .command('import')
    .description(
      'Make a model of a published checkpoint: TimeSformer .pyth, a Hugging Face or timm folder, IA-RED² or timm DeiT.',
    )
    .argument('<checkpoint>', 'file (.pyth, .pth, .bin, .safetensors) or Hugging Face folder')
    .option('--name <name>', 'name of the model (default: from the file)')
    .option('--licence <name>', 'licence of the weights, as their publisher states it');
  for (const option of checkpointOptions()) importing.addOption(option);
  importing.action((checkpoint: string, options: ImportCommandOptions) => importModel(checkpoint, options, context));
  addFetchCommands(command, context);
  command
    .command('remove')
    .description('Delete an imported model.')
    .argument('<name>', 'its name')
    .action((name: string) => remove(name, context));
}

interface ImportCommandOptions extends CheckpointOptions {
  readonly name?: string;
  readonly licence?: string;
}

async function list({ json }: { json?: boolean }, { terminal }: CommandContext): Promise<void> {
  const listings = await listBundles();
  if (json === true) {
    terminal.print(JSON.stringify(listings.map(listingDocument), null, 2));
    return;
  }
  const rows = listings.map((listing) => {
    if (listing.state === 'broken') return [listing.name, listing.origin, terminal.style('red', 'broken')];
    const facts = modelFacts(listing.bundle);
    const state = listing.bundle.manifest.trained ? '' : terminal.style('yellow', 'untrained');
    return [listing.name, listing.origin, state, facts.kind, facts.input, formatBytes(facts.bytes), facts.licence];
  });
  const titles = ['name', 'origin', '', 'kind', 'input', 'size', 'licence'];
  const [head = '', ...body] = tableLines(
    titles.map((title) => ({ title, align: title === 'size' ? ('right' as const) : ('left' as const) })),
    rows,
  );
  terminal.print(terminal.style('dim', head));
  for (const line of body) terminal.print(line);
  for (const listing of listings) {
    if (listing.state === 'broken') terminal.warning(`${listing.name}: ${listing.reason.message}`);
  }
  terminal.note(`\nImported models are kept in ${bundleFolders().user}`);
}

function listingDocument(listing: BundleListing): object {
  const { state, name, origin } = listing;
  if (state === 'broken') return { name, origin, state, directory: listing.directory, reason: listing.reason };
  return { name, origin, state, directory: listing.bundle.directory, manifest: listing.bundle.manifest };
}

async function inspect(
  name: string,
  { json }: { json?: boolean },
  { terminal, signal }: CommandContext,
): Promise<void> {
  const bundle = await resolveBundle(name);
  using progress = new Progress(terminal, 'checking weights');
  await verifyBundle(bundle, { signal, onProgress: (done, total) => progress.update(done, total) });
  progress.clear();
  const facts = modelFacts(bundle);
  if (json === true) {
    const { directory, manifest, labels } = bundle;
    terminal.print(
      JSON.stringify({ directory, manifest, parameters: facts.parameters, gmacs: facts.gmacs, labels }, null, 2),
    );
    return;
  }
  const { manifest } = bundle;
  const isVideoModel = manifest.architecture.kind === 'timesformer';
  terminal.print(`${terminal.style('bold', manifest.name)}  ${manifest.title}`);
  if (!manifest.trained) terminal.print(terminal.style('yellow', 'Untrained: the weights are random numbers.'));
  const rows: (readonly [string, string])[] = [
    ['kind', facts.kind],
    ['input', facts.input],
    ['size', `${(facts.parameters / 1e6).toFixed(1)} M parameters, ${formatBytes(facts.bytes)}`],
    ...(isVideoModel ? [] : [['images', resizeInWords(manifest)] as const]),
    ['cost', `${formatGmacs(facts.gmacs)} GMACs ${isVideoModel ? 'a view' : 'an image'} with every patch`],
    [
      'classes',
      `${bundle.labels.length}: ${bundle.labels.slice(0, 4).join(', ')}${bundle.labels.length > 4 ? ' …' : ''}`,
    ],
    ['selectors', facts.selectors.join(', ')],
    ['licence', facts.licence],
    ['folder', bundle.directory],
    ['weights', 'intact (SHA-256 checked)'],
  ];
  for (const [what, value] of rows) terminal.print(`  ${terminal.style('dim', what.padEnd(10))} ${value}`);
}

async function importModel(
  checkpoint: string,
  options: ImportCommandOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const name = options.name ?? nameFrom(checkpoint);
  await newBundleDirectory(name);
  using progress = new Progress(terminal, 'importing');
  const { bundle, warnings, ignored } = await importCheckpoint(checkpoint, {
    name,
    directory: bundleFolders().user,
    ...(await checkpointHints(options)),
    licence: options.licence === undefined ? undefined : { name: options.licence, source: null },
    signal,
    onProgress: (done, total) => progress.update(done, total),
  });
  progress.clear();
  for (const warning of warnings) terminal.warning(warning);
  if (ignored.length > 0)
    terminal.note(
      `Left out: ${ignored.slice(0, 5).join(', ')}${ignored.length > 5 ? ` and ${ignored.length - 5} more` : ''}`,
    );
  const { kind, input, selectors } = modelFacts(bundle);
  terminal.print(`Imported ${terminal.style('bold', name)}: ${kind}, ${input}.`);
  terminal.print(`Patches can be chosen by ${selectors.join(', ')}.`);
  terminal.note(nextStep(name, bundle.manifest.architecture.kind === 'timesformer'));
}

async function remove(name: string, { terminal }: CommandContext): Promise<void> {
  await removeBundle(name);
  terminal.print(`Removed ${name}.`);
}

function nameFrom(checkpoint: string): string {
  const base = checkpoint
    .replace(/[\\/]+$/, '')
    .split(/[\\/]/)
    .at(-1);
  const name = modelNameFrom(checkpointTitle(base ?? ''));
  if (name === '') throw new UsageError(`No name can be made of "${checkpoint}".`, { hint: 'Give one with --name.' });
  return name;
}
