import type { EngineImplementation } from '#contract/engine-api.ts';
import { removeBundle } from '#native-models/bundle/store.ts';
import { catalogue } from '../models/fetch/catalogue.ts';
import { fetchModel } from '../models/fetch/fetch-model.ts';
import { discardDownload } from '../models/fetch/kept-download.ts';
import { fetchesFolder, offerOf } from '../models/fetch/look-at-source.ts';
import { parseSource, sourceText } from '../models/fetch/source.ts';
import { importModel } from '../models/import-model.ts';
import { listModels, modelDetails } from '../models/list-models.ts';
import type { Workspace } from './workspace.ts';

/** What windows may ask about models. */
export function modelCalls({ files, models, hub }: Workspace): EngineImplementation['models'] {
  const changed = () => hub.publish('models', { type: 'models' });
  return {
    list: () => listModels(models.folders),
    details: ({ name }) => modelDetails(name, models.folders),

    async *import({ file, ...options }, { signal }) {
      try {
        yield* importModel(files.path(file), options, models, signal);
      } finally {
        changed();
      }
    },

    catalogue,
    offer: ({ source }, { signal }) => offerOf(source, signal),

    async *fetch(asked, { signal }) {
      try {
        yield* fetchModel(asked, models, signal);
      } finally {
        changed();
      }
    },

    discardFetch: ({ source }) => discardDownload(fetchesFolder(), sourceText(parseSource(source))),

    async remove({ name }) {
      await removeBundle(name, models.folders);
      changed();
    },
  };
}
