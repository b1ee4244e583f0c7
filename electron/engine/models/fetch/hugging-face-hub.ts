import { z } from 'zod';
import { SourceMissingError, SourceRefusedError, SourceUnsuitableError } from '#contract/errors.ts';
import { modelNameFrom } from '../model-name.ts';
import type { HttpClient } from './http-client.ts';
import { licenceOf } from './licences.ts';
import type { RemoteFile, RemoteModel } from './remote-model.ts';
import { hubAddress, type Source, sourceText } from './source.ts';
import { linkedBytes, statedChecksum } from './stated-checksum.ts';

type Repository = Extract<Source, { kind: 'repository' }>;

/** Far more than the description of any model of this kind. */
const MOST_JSON_BYTES = 4 * 2 ** 20;

/** In the order in which they are preferred. */
const WEIGHTS = ['model.safetensors', 'pytorch_model.bin'];

/** One value, or a list of them, as model cards have it. */
const oneOrMany = z.union([z.string(), z.array(z.string()).transform(([first]) => first)]);

/** The part of the hub's answer that matters here. */
const infoSchema = z.object({
  id: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  /** The commit. */
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  gated: z.union([z.boolean(), z.string()]).optional(),
  cardData: z
    .object({ license: oneOrMany.optional(), license_name: z.string().optional(), license_link: z.string().optional() })
    .nullish()
    .catch(null),
  siblings: z.array(z.object({ rfilename: z.string() })),
});

/**
 * What a repository of the Hugging Face hub has at a revision, and under which licence. Files are named by the commit, so
 * that a change in the middle mixes nothing.
 *
 * @throws SourceMissingError, SourceRefusedError, SourceUnsuitableError, and what {@link HttpClient} throws
 * @see https://huggingface.co/docs/hub/api
 */
export async function lookAtRepository(
  repository: Repository,
  client: HttpClient,
  signal: AbortSignal,
): Promise<RemoteModel> {
  const { id, revision } = repository;
  const hub = hubAddress();
  const about = new URL(`api/models/${id}/revision/${encodeURIComponent(revision)}`, hub);
  const info = understand(await client.text(about, MOST_JSON_BYTES, signal), id);
  if (info.gated !== undefined && info.gated !== false) {
    throw new SourceRefusedError(`${id} is not given to everybody.`, {
      hint: 'Its publisher wants to know who asks. Download it there after signing in, and import its folder.',
    });
  }
  const names = info.siblings.map(({ rfilename }) => rfilename);
  const weights = WEIGHTS.find((name) => names.includes(name));
  if (weights === undefined || !names.includes('config.json')) throw incomplete(id, names);
  // A repository that was renamed answers under its new name.
  const address = (name: string) => new URL(`${info.id}/resolve/${info.sha}/${name}`, hub);
  const small = ['config.json', 'preprocessor_config.json'].filter((name) => names.includes(name));
  return {
    source: sourceText(repository),
    title: id,
    page: new URL(id, hub).href,
    revision: info.sha,
    layout: 'folder',
    files: [
      ...small.map((name) => ({ name, url: address(name), bytes: null, sha256: null, validator: null })),
      await lookAtLargeFile(weights, address(weights), client, signal),
    ],
    licence: licenceOf(info.cardData?.license ?? null, {
      ...(info.cardData?.license_name === undefined ? {} : { name: info.cardData.license_name }),
      ...(info.cardData?.license_link === undefined ? {} : { link: info.cardData.license_link }),
    }),
    name: modelNameFrom(id.split('/').at(-1) ?? id),
  };
}

function understand(text: string, id: string): z.infer<typeof infoSchema> {
  try {
    return infoSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SourceUnsuitableError(`What the hub says of ${id} cannot be understood.`, {
      hint: 'Try again later; or download the repository’s files, and import their folder.',
      detail: cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause),
      cause,
    });
  }
}

/** Of files in large-file storage the hub tells size and SHA-256 before it leads to them. */
async function lookAtLargeFile(name: string, url: URL, client: HttpClient, signal: AbortSignal): Promise<RemoteFile> {
  const headers = await client.head(url, signal);
  return { name, url, bytes: linkedBytes(headers), sha256: statedChecksum(headers), validator: null };
}

function incomplete(id: string, names: readonly string[]): SourceMissingError {
  const inParts = names.some((name) => /^(model|pytorch_model)-\d+-of-\d+\./.test(name));
  return new SourceMissingError(
    `${id} has no ${names.includes('config.json') ? WEIGHTS.join(' or ') : 'config.json'}.`,
    {
      hint: inParts
        ? 'Its weights are in several parts, which Patchlight does not read.'
        : 'Only TimeSformer models in the layout of transformers can be fetched by name. Give the address of a checkpoint file.',
    },
  );
}
