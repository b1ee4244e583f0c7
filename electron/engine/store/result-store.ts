import { readFile, rm, rmdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultId, ResultSummary } from '#contract/videos.ts';
import { ClipLog, DamagedLog } from './clip-log.ts';
import type { NoticeBoard } from './notice-board.ts';
import { type ResultFacts, resultFactsSchema } from './result.ts';
import { setAside } from './set-aside.ts';
import { StateFile } from './state-file.ts';
import { isResultId, namesIn, type ResultLimits, storedResults, surplusResults } from './surplus-results.ts';

const FACTS = 'result.json';
const CLIPS = 'clips.log';
const VERSION = 1;

/** Where a result lies: first the video's content, then everything that the result depends on. */
export interface ResultKey {
  readonly content: string;
  readonly result: ResultId;
}

/** A result that is in use. Its owner disposes of it. */
export interface OpenResult extends AsyncDisposable {
  readonly key: ResultKey;
  readonly clips: ClipLog;
  /** Null before the analysis has begun. */
  readonly facts: ResultFacts | null;
  update(facts: ResultFacts): void;
  /** Forgets everything that is known, so that the analysis begins anew. */
  clear(): Promise<void>;
}

/** The results of all analyses, each in a folder of its own. */
export class ResultStore {
  readonly #folder: string;
  readonly #notices: NoticeBoard;
  readonly #open = new Map<ResultId, { users: number; readonly result: Promise<OpenResult> }>();
  /** Results that nobody uses any more and that are still being written. */
  readonly #closing = new Map<ResultId, Promise<void>>();
  /** While results are deleted none is opened. */
  #deleting: Promise<unknown> = Promise.resolve();

  constructor(folder: string, notices: NoticeBoard) {
    this.#folder = folder;
    this.#notices = notices;
  }

  /**
   * Opens a result, or begins it. All users of one result share it. A damaged one is set aside with a notice. It counts as
   * used now.
   */
  async open(key: ResultKey): Promise<OpenResult> {
    const shared = this.#open.get(key.result) ?? { users: 0, result: this.#afterClosing(key) };
    shared.users += 1;
    this.#open.set(key.result, shared);
    const release = async () => {
      shared.users -= 1;
      if (shared.users > 0) return;
      this.#open.delete(key.result);
      const closing = shared.result.then((result) => result[Symbol.asyncDispose]());
      this.#closing.set(key.result, closing);
      await closing;
      this.#closing.delete(key.result);
    };
    try {
      const result = await shared.result;
      const now = new Date();
      // Reading alone would leave no trace.
      await utimes(this.#place(key), now, now).catch(() => {});
      return {
        key,
        clips: result.clips,
        get facts() {
          return result.facts;
        },
        update: (facts) => result.update(facts),
        clear: () => result.clear(),
        [Symbol.asyncDispose]: once(release),
      };
    } catch (thrown) {
      this.#open.delete(key.result);
      throw thrown;
    }
  }

  /** The results of a video that can be shown, the latest first. */
  async list(content: string): Promise<ResultSummary[]> {
    const names = await namesIn(join(this.#folder, content));
    const summaries: ResultSummary[] = [];
    for (const name of names.filter(isResultId)) {
      const summary = await this.#summary({ content, result: name });
      if (summary !== null) summaries.push(summary);
    }
    return summaries.sort((a, b) => b.changedAt - a.changedAt);
  }

  /** Where a result lies, by its id alone; null when there is none. */
  async find(result: ResultId): Promise<ResultKey | null> {
    for (const content of await namesIn(this.#folder)) {
      if ((await namesIn(join(this.#folder, content))).includes(result)) return { content, result };
    }
    return null;
  }

  /** Deletes a result, unless it is in use. False when it is. */
  forget(key: ResultKey): Promise<boolean> {
    return this.#delete(key);
  }

  /**
   * Deletes what is more than `limits`, the results that were not used for longest first, and never one that is in use.
   *
   * @param isNeeded tells of results that stay although nobody uses them now
   */
  async prune(limits: ResultLimits, isNeeded: (result: ResultId) => boolean): Promise<void> {
    const stored = await storedResults(this.#folder);
    const surplus = surplusResults(stored, limits, ({ result }) => this.#open.has(result) || isNeeded(result));
    // What cannot be deleted now may be the next time.
    for (const key of surplus) await this.#delete(key).catch(() => {});
  }

  async #delete(key: ResultKey): Promise<boolean> {
    const deleting = this.#deleting.then(async () => {
      await this.#closing.get(key.result);
      if (this.#open.has(key.result)) return false;
      await rm(this.#place(key), { recursive: true, force: true });
      // Other results of the same video may be there.
      await rmdir(join(this.#folder, key.content)).catch(() => {});
      return true;
    });
    this.#deleting = deleting.catch(() => {});
    return deleting;
  }

  async #afterClosing(key: ResultKey): Promise<OpenResult> {
    await this.#deleting;
    await this.#closing.get(key.result);
    return this.#load(key);
  }

  async #load(key: ResultKey): Promise<OpenResult> {
    const folder = this.#place(key);
    const facts = await StateFile.open<ResultFacts | null>({
      path: join(folder, FACTS),
      what: 'a result',
      version: VERSION,
      schema: resultFactsSchema.nullable(),
      initial: null,
      notices: this.#notices,
    });
    const clips = await this.#openLog(join(folder, CLIPS));
    // A log without its facts cannot be shown; a complete result without its clips is none.
    const whole = facts.value !== null && (facts.value.outcome === null || clips.count >= 1);
    if (!whole && clips.count > 0) {
      await clips[Symbol.asyncDispose]();
      await rm(join(folder, CLIPS), { force: true });
      return this.#load(key);
    }
    if (!whole && facts.value !== null) facts.set(null);
    return {
      key,
      clips,
      get facts() {
        return facts.value;
      },
      update: (value) => facts.set(value),
      async clear() {
        facts.set(null);
        await clips.clear();
      },
      async [Symbol.asyncDispose]() {
        await facts.settled();
        await clips[Symbol.asyncDispose]();
      },
    };
  }

  async #openLog(path: string): Promise<ClipLog> {
    try {
      return await ClipLog.open(path);
    } catch (thrown) {
      if (!(thrown instanceof DamagedLog)) throw thrown;
      this.#notices.post({
        code: 'state-set-aside',
        what: 'a result',
        message: `The clips of an earlier analysis could not be read (${thrown.message}). They were set aside, and the analysis begins anew.`,
        keptAs: await setAside(path),
      });
      return ClipLog.open(path);
    }
  }

  async #summary(key: ResultKey): Promise<ResultSummary | null> {
    try {
      const text = await readFile(join(this.#place(key), FACTS), 'utf8');
      const { version, state } = JSON.parse(text);
      const facts = resultFactsSchema.nullable().parse(state);
      if (version !== VERSION || facts === null) return null;
      const opened = await this.#open.get(key.result)?.result;
      const clipsDone = opened?.clips.count ?? (await ClipLog.countIn(join(this.#place(key), CLIPS)));
      const { model, settings, device, clips, outcome, changedAt } = facts;
      return {
        result: key.result,
        model: { name: model.name, trained: model.trained },
        settings,
        device: { used: device.used, precision: device.precision },
        clipsDone,
        clipsTotal: clips,
        complete: outcome !== null,
        changedAt,
      };
    } catch {
      // Of no use as an offer; whoever opens it by its settings is told.
      return null;
    }
  }

  #place({ content, result }: ResultKey): string {
    return join(this.#folder, content, result);
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
