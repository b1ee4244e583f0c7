import { join } from 'node:path';
import { userDataDirectory } from '#native-models/bundle/user-data-directory.ts';
import { EventHub } from '../store/event-hub.ts';
import { lockDirectory } from '../store/instance-lock.ts';
import { NoticeBoard } from '../store/notice-board.ts';
import { type OpenResult, type ResultKey, ResultStore } from '../store/result-store.ts';
import { storedResults, surplusResults } from '../store/surplus-results.ts';
import { Receipts } from './receipts.ts';

/** Below the user's data. */
const BATCH = 'batch';
export const BATCH_RECEIPTS = join(BATCH, 'receipts');

/** How many receipts are kept; a figure for each clip has one, too. */
const MOST_RECEIPTS = 20_000;

/** A result's lock, and how many work with it here. */
interface SharedLock {
  users: number;
  readonly lock: Promise<AsyncDisposable>;
}

/**
 * What the command line keeps between runs: results and receipts. It has a place of its own, since the app's results belong to
 * the app while it runs; several commands can share it, each result being one command's at a time.
 */
export class BatchStore {
  readonly notices = new NoticeBoard(new EventHub());
  readonly receipts: Receipts;
  readonly #folder: string;
  readonly #results: ResultStore;
  readonly #locks = new Map<ResultKey['result'], SharedLock>();
  readonly #used = new Set<ResultKey['result']>();

  constructor(folder = join(userDataDirectory(), BATCH)) {
    this.#folder = join(folder, 'results');
    this.#results = new ResultStore(this.#folder, this.notices);
    this.receipts = new Receipts(join(folder, 'receipts'));
  }

  /** Opens a result, or begins it. @throws AlreadyRunningError when another command works on the same one */
  async open(key: ResultKey): Promise<OpenResult> {
    this.#used.add(key.result);
    const lock = await this.#lock(key);
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

  /**
   * Deletes what is more than may be kept, what was not used for longest first; nothing that was used here, however much that
   * is, and nothing that another command works with.
   *
   * @param bytes That all results together may take.
   */
  async tidy(bytes: number): Promise<void> {
    const limits = { results: Number.POSITIVE_INFINITY, bytes };
    const stored = await storedResults(this.#folder);
    for (const key of surplusResults(stored, limits, ({ result }) => this.#used.has(result))) {
      const lock = await lockDirectory(this.#place(key)).catch(() => null);
      if (lock === null) continue;
      // What cannot be deleted now may be the next time.
      await this.#results.forget(key).catch(() => {});
      await lock[Symbol.asyncDispose]();
    }
    await this.receipts.prune(MOST_RECEIPTS);
  }

  /** Two videos of one content share a result, and with it its lock. */
  async #lock(key: ResultKey): Promise<AsyncDisposable> {
    const shared = this.#locks.get(key.result) ?? { users: 0, lock: lockDirectory(this.#place(key)) };
    this.#locks.set(key.result, shared);
    shared.users += 1;
    const release = async () => {
      shared.users -= 1;
      if (shared.users > 0) return null;
      this.#locks.delete(key.result);
      return shared.lock;
    };
    try {
      await shared.lock;
    } catch (thrown) {
      await release().catch(() => {});
      throw thrown;
    }
    return { [Symbol.asyncDispose]: async () => (await release())?.[Symbol.asyncDispose]() };
  }

  #place({ content, result }: ResultKey): string {
    return join(this.#folder, content, result);
  }
}
