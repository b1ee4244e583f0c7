import { SourceInvalidError } from '#contract/errors.ts';
import { checkAddress } from './address.ts';

/** Where a checkpoint is. */
export type Source =
  | { readonly kind: 'repository'; readonly id: string; readonly revision: string }
  | { readonly kind: 'address'; readonly url: URL };

const DEFAULT_REVISION = 'main';
const REPOSITORY = /^([A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95})(?:@([A-Za-z0-9][\w./-]{0,199}))?$/;

/** Files that stand for their whole repository: weights without `config.json` beside them say less. */
const PARTS_OF_A_MODEL = ['config.json', 'model.safetensors', 'pytorch_model.bin'];

/** The Hugging Face hub, or the mirror of it that `HF_ENDPOINT` names, as its own tools do. */
export function hubAddress(): URL {
  const { HF_ENDPOINT: mirror } = process.env;
  const text = mirror === undefined || mirror === '' ? 'https://huggingface.co' : mirror;
  if (!URL.canParse(text)) throw new SourceInvalidError(`HF_ENDPOINT is no address: "${text}".`);
  const url = new URL(text.endsWith('/') ? text : `${text}/`);
  checkAddress(url);
  return url;
}

/**
 * Reads what a person gave: `owner/name`, `owner/name@revision`, the address of a page of the hub, or that of a file.
 *
 * @throws SourceInvalidError
 */
export function parseSource(text: string): Source {
  const trimmed = text.trim();
  const repository = repositoryOf(trimmed);
  if (repository !== null) return repository;
  if (!URL.canParse(trimmed)) {
    throw new SourceInvalidError(`"${trimmed}" is neither an address nor the name of a repository.`, {
      hint: 'Give an https address of a file, or a Hugging Face name such as facebook/timesformer-base-finetuned-k400.',
    });
  }
  const url = new URL(trimmed);
  checkAddress(url);
  url.hash = '';
  return onHub(url) ?? { kind: 'address', url: directAddress(url) };
}

/** What {@link parseSource} reads as the same source again. */
export function sourceText(source: Source): string {
  if (source.kind === 'address') return source.url.href;
  return source.revision === DEFAULT_REVISION ? source.id : `${source.id}@${source.revision}`;
}

function repositoryOf(text: string): Extract<Source, { kind: 'repository' }> | null {
  const [, id, revision = DEFAULT_REVISION] = REPOSITORY.exec(text) ?? [];
  return id === undefined || revision.includes('..') ? null : { kind: 'repository', id, revision };
}

/** Pages of the hub as people copy them from the browser: a repository, its files, or one of them. */
function onHub(url: URL): Source | null {
  const hub = hubAddress();
  if (url.origin !== hub.origin || !url.pathname.startsWith(hub.pathname)) return null;
  const [owner, name, view, revision = DEFAULT_REVISION, ...path] = url.pathname
    .slice(hub.pathname.length)
    .split('/')
    .filter((part) => part !== '');
  if (name === undefined) return null;
  const repository = repositoryOf(`${owner}/${name}@${decodeURIComponent(revision)}`);
  if (repository === null) return null;
  if (view === undefined || view === 'tree' || PARTS_OF_A_MODEL.includes(path.join('/'))) return repository;
  if (view !== 'blob' && view !== 'resolve') return null;
  return { kind: 'address', url: new URL(`${owner}/${name}/resolve/${revision}/${path.join('/')}`, hub) };
}

/** Dropbox, where TimeSformer's authors keep their checkpoints, shows a page unless it is told to give the file. */
function directAddress(url: URL): URL {
  if (!/(^|\.)dropbox\.com$/.test(url.hostname) || url.searchParams.get('dl') !== '0') return url;
  const direct = new URL(url);
  direct.searchParams.set('dl', '1');
  return direct;
}
