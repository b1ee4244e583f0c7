import { join } from 'node:path';
import { userDataDirectory } from '#native-models/bundle/user-data-directory.ts';
import { EventHub } from '../store/event-hub.ts';
import { lockDirectory } from '../store/instance-lock.ts';
import { NoticeBoard } from '../store/notice-board.ts';
import { type OpenResult, type ResultKey, ResultStore } from '../store/result-store.ts';
import { Receipts } from './receipts.ts';

/** Below the user's data. */
const BATCH = 'batch';
export const BATCH_RECEIPTS = join(BATCH, 'receipts');

/**
 * What the command line keeps between runs: results and receipts. It has a place of its own, since the app's results belong to
 * the app while it runs; several commands can share it, each result being one command's at a time.
 */
export class BatchStore {
  readonly notices = new NoticeBoard(new EventHub());
  readonly receipts: Receipts;
  readonly #folder: string;
  readonly #results: ResultStore;

  constructor(folder = join(userDataDirectory(), BATCH)) {
    this.#folder = folder;
    this.#results = new ResultStore(join(folder, 'results'), this.notices);
    this.receipts = new Receipts(join(folder, 'receipts'));
  }

  /** Opens a result, or begins it. @throws AlreadyRunningError when another command works on the same one */
  async open(key: ResultKey): Promise<OpenResult> {
    const lock = await lockDirectory(join(this.#folder, 'results', key.content, key.result));
    try {
      const result = await this.#results.open(key);
      return {
        key,
        clips: result.clips,
        get facts() {
          return result.facts;
        },
        update: (facts) => result.update(facts),
        clear: () => result.clear(),
        async [Symbol.asyncDispose]() {
          await result[Symbol.asyncDispose]();
          await lock[Symbol.asyncDispose]();
        },
      };
    } catch (thrown) {
      await lock[Symbol.asyncDispose]();
      throw thrown;
    }
  }
}
