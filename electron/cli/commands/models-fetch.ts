import type { Command } from 'commander';
import { LicenceNotAcceptedError } from '#contract/errors.ts';
import type { FetchOffer, ModelFetchEvent } from '#contract/model-fetch.ts';
import { catalogue } from '#engine/models/fetch/catalogue.ts';
import { fetchModel } from '#engine/models/fetch/fetch-model.ts';
import { discardDownload } from '#engine/models/fetch/kept-download.ts';
import { fetchesFolder, offerOf } from '#engine/models/fetch/look-at-source.ts';
import { parseSource, sourceText } from '#engine/models/fetch/source.ts';
import { ModelHost } from '#engine/models/model-host.ts';
import { bundleFolders } from '#native-models/bundle/store.ts';
import type { CommandContext } from '../context.ts';
import { formatBytes, formatDuration, formatGmacs, formatShare } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import { tableLines } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type CheckpointOptions, checkpointHints, checkpointOptions } from './checkpoint-options.ts';
import { nextStep } from './next-step.ts';
import { type DeviceOptions, deviceOptions } from './options.ts';

/** `patchlight models catalogue | fetch | discard` */
export function addFetchCommands(models: Command, context: CommandContext): void {
  models
    .command('catalogue')
    .description('Public checkpoints that can be fetched, and fetches that broke off.')
    .option('--json', 'as one JSON document')
    .action((options: { json?: boolean }) => showCatalogue(options, context));
  const fetching = models
    .command('fetch')
    .description('Fetch a public checkpoint and import it. A fetch that broke off goes on where it stopped.')
    .argument('<source>', 'Hugging Face repository (owner/name, owner/name@revision) or https address of a file')
    .option('--name <name>', 'name of the model (default: from the source)')
    .option('--accept-licence <id>', 'the licence that you have read and accept, such as CC-BY-NC-4.0');
  for (const option of [...checkpointOptions(), ...deviceOptions()]) fetching.addOption(option);
  fetching.action((source: string, options: FetchOptions) => fetchCheckpoint(source, options, context));
  models
    .command('discard')
    .description('Delete what has arrived of a fetch that broke off.')
    .argument('<source>', 'as it was fetched')
    .action((source: string) => discard(source, context));
}

interface FetchOptions extends CheckpointOptions, DeviceOptions {
  readonly name?: string;
  readonly acceptLicence?: string;
}

async function showCatalogue({ json }: { json?: boolean }, { terminal }: CommandContext): Promise<void> {
  const { checkpoints, unfinished } = await catalogue();
  if (json === true) {
    terminal.print(JSON.stringify({ checkpoints, unfinished }, null, 2));
    return;
  }
  const titles = ['source', 'classes', 'input', 'GMACs', 'top-1', 'size', 'licence'];
  const rows = checkpoints.map(({ source, classes, input, gmacs, top1, bytes, licence }) => [
    source,
    String(classes),
    input,
    formatGmacs(gmacs),
    formatShare(top1),
    formatBytes(bytes),
    licence.id,
  ]);
  const isNumber = (title: string) => ['classes', 'GMACs', 'top-1', 'size'].includes(title);
  const columns = titles.map((title) => ({ title, align: isNumber(title) ? ('right' as const) : ('left' as const) }));
  const [head = '', ...body] = tableLines(columns, rows);
  terminal.print(terminal.style('dim', head));
  for (const line of body) terminal.print(line);
  for (const { source, bytesDone, bytesTotal } of unfinished) {
    const total = bytesTotal === null ? '' : ` of ${formatBytes(bytesTotal)}`;
    terminal.print(`Broken off: ${source}, ${formatBytes(bytesDone)}${total}.`);
  }
  terminal.note('\ntop-1 is what the authors measured on Kinetics. Fetch one: patchlight models fetch SOURCE');
}

async function fetchCheckpoint(
  text: string,
  { acceptLicence, name, device, precision, threads, ...options }: FetchOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const hints = await checkpointHints(options);
  const offer = await offerOf(text, signal);
  describeOffer(offer, terminal);
  if (acceptLicence !== offer.licence.id) throw notAccepted(offer, acceptLicence);
  await using host = new ModelHost({
    folders: bundleFolders(),
    settings: () => ({ device, precision, threads: threads ?? null }),
  });
  const request = { ...hints, source: offer.source, name: name ?? offer.name, acceptedLicence: acceptLicence };
  using report = new FetchReport(terminal);
  for await (const event of fetchModel(request, host, signal)) report.take(event);
}

function describeOffer({ title, revision, files, licence, bytesKept }: FetchOffer, terminal: Terminal): void {
  terminal.note(`${title}${revision === null ? '' : `, revision ${revision.slice(0, 12)}`}`);
  for (const { name, bytes } of files) terminal.note(`  ${name}${bytes === null ? '' : `  ${formatBytes(bytes)}`}`);
  const text = licence.url === null ? '' : `  ${licence.url}`;
  terminal.note(`Licence: ${licence.id === 'unknown' ? 'not stated' : `${licence.id}, ${licence.name}`}${text}`);
  for (const condition of licence.conditions) terminal.note(`  ${condition}`);
  if (bytesKept > 0) terminal.note(`${formatBytes(bytesKept)} of it are here already.`);
}

function notAccepted({ source, licence: { id } }: FetchOffer, accepted: string | undefined): LicenceNotAcceptedError {
  const what = accepted === undefined ? 'has not been accepted' : `is ${id}, and ${accepted} was accepted`;
  return new LicenceNotAcceptedError(`The licence of ${source} ${what}.`, {
    hint: `When you accept it: patchlight models fetch ${source} --accept-licence ${id}`,
  });
}

async function discard(text: string, { terminal }: CommandContext): Promise<void> {
  const source = sourceText(parseSource(text));
  await discardDownload(fetchesFolder(), source);
  terminal.print(`Nothing is kept of ${source}.`);
}

/** What a fetch says, on the terminal. */
class FetchReport implements Disposable {
  readonly #terminal: Terminal;
  #bar: { readonly title: string; readonly progress: Progress } | null = null;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  take(event: ModelFetchEvent): void {
    switch (event.type) {
      case 'download': {
        const { bytesDone, bytesTotal, bytesPerSecond } = event;
        const speed = bytesPerSecond === null ? '' : `${formatBytes(bytesPerSecond)}/s`;
        this.#show('fetching', bytesDone, bytesTotal ?? bytesDone, `${formatBytes(bytesDone)}  ${speed}`.trim());
        break;
      }
      case 'retry':
        this.#clear();
        this.#terminal.warning(`${event.reason.message} Trying again in ${formatDuration(event.seconds)}.`);
        break;
      case 'downloaded':
        this.#clear();
        for (const { name, sha256, verified } of event.files)
          this.#terminal.note(`${name}: SHA-256 ${sha256}${verified ? ', as its publisher states it' : ''}`);
        break;
      case 'progress':
        this.#show('importing', event.bytesDone, event.bytesTotal, '');
        break;
      case 'done': {
        this.#clear();
        const { model, trial, warnings } = event;
        for (const warning of warnings) this.#terminal.warning(warning);
        this.#terminal.print(`Fetched ${this.#terminal.style('bold', model.name)}: ${model.kind}, ${model.input}.`);
        const { device, precision, viewMs } = trial;
        this.#terminal.print(
          `${model.forVideos ? 'A view' : 'An image'} of noise took ${Math.round(viewMs)} ms on ${device} (${precision}).`,
        );
        this.#terminal.note(nextStep(model.name, model.forVideos));
        break;
      }
    }
  }

  [Symbol.dispose](): void {
    this.#clear();
  }

  #show(title: string, done: number, total: number, facts: string): void {
    if (this.#bar?.title !== title) {
      this.#clear();
      this.#bar = { title, progress: new Progress(this.#terminal, title) };
    }
    this.#bar.progress.update(done, total, facts);
  }

  #clear(): void {
    this.#bar?.progress.clear();
    this.#bar = null;
  }
}
