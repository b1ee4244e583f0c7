import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model, ModelDetails, UsableModel } from '#contract/models.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { type BundleFolders, type BundleOrigin, listBundles, resolveBundle } from '#native-models/bundle/store.ts';
import { DEFAULT_MODEL } from './default-model.ts';
import { modelFacts } from './model-facts.ts';

const CARD_FILE = 'CARD.md';

/** All models as windows see them, shipped ones first. */
export async function listModels(folders: BundleFolders): Promise<Model[]> {
  return (await listBundles(folders)).map((listing) => {
    if (listing.state === 'usable') return describeModel(listing.bundle, listing.origin);
    const { state, name, origin, reason } = listing;
    return { state, name, origin, reason };
  });
}

export function describeModel(bundle: Bundle, origin: BundleOrigin): UsableModel {
  const { kind, input, parameters, bytes, gmacs, selectors } = modelFacts(bundle);
  const { name, title, architecture, selection, trained, licence, training, fetched } = bundle.manifest;
  const own = training !== null ? 'trained' : fetched !== undefined ? 'fetched' : 'imported';
  return {
    ...{ state: 'usable', name, origin, title, kind, input, parameters, bytes, gmacs, trained, licence },
    provenance: origin === 'shipped' ? 'shipped' : own,
    isDefault: origin === 'shipped' && name === DEFAULT_MODEL,
    forVideos: architecture.kind === 'timesformer',
    classes: architecture.classes,
    selectors: [...selectors],
    threshold: selection?.threshold ?? null,
  };
}

/** @throws BundleNotFoundError, BundleInvalidError */
export async function modelDetails(name: string, folders: BundleFolders): Promise<ModelDetails> {
  const { directory, labels, manifest } = await resolveBundle(name, folders);
  // A bundle without a card is a bundle all the same.
  const card = await readFile(join(directory, CARD_FILE), 'utf8').catch(() => null);
  return { card, labels: [...labels], training: manifest.training, fetched: manifest.fetched ?? null };
}
