import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultId, ResultSummary } from '#contract/videos.ts';
import { ClipLog, DamagedLog } from './clip-log.ts';
import type { NoticeBoard } from './notice-board.ts';
import { type ResultFacts, resultFactsSchema } from './result.ts';
import { setAside } from './set-aside.ts';
import { StateFile } from './state-file.ts';

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

  constructor(folder: string, notices: NoticeBoard) {
    this.#folder = folder;
    this.#notices = notices;
  }

  /** Opens a result, or begins it. All users of one result share it. A damaged one is set aside with a notice. */
  async open(key: ResultKey): Promise<OpenResult> {
    const shared = this.#open.get(key.result) ?? { users: 0, result: this.#afterClosing(key) };
    shared.users += 1;
    this.#open.set(key.result, shared);
    const release = async () => {
      shared.users -= 1;
      if (shared.users > 0) return;
      this.#open.delete(key.result);
      const closing = (await shared.result)[Symbol.asyncDispose]();
      this.#closing.set(key.result, Promise.resolve(closing));
      await closing;
      this.#closing.delete(key.result);
    };
    try {
      const result = await shared.result;
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
    for (const name of names.filter((one) => /^[0-9a-f]{32}$/.test(one))) {
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
  async forget(key: ResultKey): Promise<boolean> {
    if (this.#open.has(key.result)) return false;
    await rm(this.#place(key), { recursive: true, force: true });
    return true;
  }

  async #afterClosing(key: ResultKey): Promise<OpenResult> {
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
      await using result = await this.open(key);
      const { model, settings, device, clips, outcome, changedAt } = facts;
      return {
        result: key.result,
        model: { name: model.name, trained: model.trained },
        settings,
        device: { used: device.used, precision: device.precision },
        clipsDone: result.clips.count,
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

/** Empty where there is no such folder yet. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
