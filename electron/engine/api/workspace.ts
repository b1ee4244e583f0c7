import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileNotFoundError } from '#contract/errors.ts';
import { outsideArchive } from '#native-models/bundle/outside-archive.ts';
import { bundleFolders } from '#native-models/bundle/store.ts';
import { userDataDirectory } from '#native-models/bundle/user-data-directory.ts';
import type { Backend } from '#native-models/runtime/backend.ts';
import { BATCH_RECEIPTS } from '../batch/batch-store.ts';
import { Receipts } from '../batch/receipts.ts';
import { removeLeftDrafts } from '../export/targets/draft.ts';
import { Downloads } from '../files/downloads.ts';
import { FileRegistry } from '../files/file-registry.ts';
import { KnownVideos } from '../files/known-videos.ts';
import { ExportLane } from '../jobs/export-lane.ts';
import { isThrough, JobList, type LiveJob } from '../jobs/job-list.ts';
import { LiveRuns } from '../jobs/live-runs.ts';
import { resultKey } from '../jobs/result-key.ts';
import { runJob, settingsOf } from '../jobs/run-job.ts';
import { Scheduler } from '../jobs/scheduler.ts';
import { ViewCache } from '../jobs/view-cache.ts';
import { ModelHost } from '../models/model-host.ts';
import { PreviewStore } from '../previews/preview-store.ts';
import { Previews } from '../previews/previews.ts';
import { EventHub } from '../store/event-hub.ts';
import { ExportFolder } from '../store/export-folder.ts';
import { lockDirectory } from '../store/instance-lock.ts';
import { NoticeBoard } from '../store/notice-board.ts';
import { RecentVideos } from '../store/recent-videos.ts';
import { ResultStore } from '../store/result-store.ts';
import { SettingsStore } from '../store/settings-store.ts';
import { ExportPreviews } from './exports/export-previews.ts';
import { openExportableJob } from './exports/exportable-job.ts';
import { queueExports } from './exports/queue-exports.ts';

export interface WorkspaceOptions {
  /** The key under which files have ids; the same for every engine that serves the same windows. */
  readonly secret: string;
  /** A folder whose videos may be opened from a page; `null` for none. */
  readonly library: string | null;
  readonly backend?: Backend;
}

/** The video and the image that come with the program. */
const SAMPLE = sampleFile('one-after-another.mp4');
const SAMPLE_IMAGE = sampleFile('shape.jpg');

/** Everything that an engine for windows has, put together. Dispose of it to end its work and write everything to disk. */
export class Workspace implements AsyncDisposable {
  readonly sample = SAMPLE;
  readonly sampleImage = SAMPLE_IMAGE;
  readonly library: string | null;
  /** The data folder. */
  readonly home: string;
  readonly hub: EventHub;
  readonly notices: NoticeBoard;
  readonly files: FileRegistry;
  readonly videos = new KnownVideos();
  readonly settings: SettingsStore;
  readonly recent: RecentVideos;
  readonly results: ResultStore;
  readonly previews: Previews;
  readonly models: ModelHost;
  readonly jobs: JobList;
  readonly scheduler: Scheduler;
  readonly runs = new LiveRuns();
  readonly views = new ViewCache();
  readonly downloads: Downloads;
  readonly exportFolder: ExportFolder;
  readonly exportLane: ExportLane;
  readonly exportPreviews = new ExportPreviews((job) => openExportableJob(this, job));
  readonly receipts: Receipts;
  readonly #lock: AsyncDisposable;
  #tidying: Promise<void> = Promise.resolve();

  private constructor(parts: Parts) {
    this.library = parts.library;
    this.home = parts.home;
    this.hub = parts.hub;
    this.notices = parts.notices;
    this.files = parts.files;
    this.settings = parts.settings;
    this.recent = parts.recent;
    this.results = parts.results;
    this.previews = parts.previews;
    this.models = parts.models;
    this.jobs = parts.jobs;
    this.downloads = parts.downloads;
    this.exportFolder = parts.exportFolder;
    this.receipts = parts.receipts;
    this.#lock = parts.lock;
    // A page that showed it goes on showing it when the engine was started again.
    this.files.remember(SAMPLE_IMAGE);
    this.scheduler = new Scheduler(this.jobs, (job, signal) => this.#run(job, signal).finally(() => this.tidy()));
    this.exportLane = new ExportLane(this.jobs, queueExports(this));
  }

  /** @throws AlreadyRunningError, and what the file system throws */
  static async open({ secret, library, backend }: WorkspaceOptions): Promise<Workspace> {
    const folder = library === null ? null : await libraryFolder(library);
    const home = userDataDirectory();
    const lock = await lockDirectory(home);
    await removeLeftDrafts();
    const hub = new EventHub();
    const notices = new NoticeBoard(hub);
    const files = new FileRegistry(secret);
    const settings = await SettingsStore.open(join(home, 'settings.json'), hub, notices);
    const mostPreviewBytes = () => settings.value.storage.previewBytes;
    const workspace = new Workspace({
      ...{ home, lock, hub, notices, files, settings },
      library: folder,
      recent: await RecentVideos.open(join(home, 'recent.json'), hub, files, notices),
      results: new ResultStore(join(home, 'results'), notices),
      previews: new Previews(await PreviewStore.open(join(home, 'previews'), mostPreviewBytes)),
      models: new ModelHost({ folders: bundleFolders(), settings: () => settings.value, backend }),
      downloads: await Downloads.open(join(home, 'downloads')),
      exportFolder: await ExportFolder.open(join(home, 'export-folder.json'), notices),
      // The same as the command line's: what one has exported, the other knows.
      receipts: new Receipts(join(home, BATCH_RECEIPTS)),
      jobs: await JobList.open(join(home, 'jobs.json'), hub, files, notices),
    });
    workspace.tidy();
    return workspace;
  }

  /** Deletes what is more than the settings allow to be kept, when there is time for it. */
  tidy(): void {
    this.#tidying = this.#tidying.then(async () => {
      const { results, resultBytes } = this.settings.value.storage;
      const unfinished = this.jobs.all.filter((job) => !isThrough(job));
      const needed = new Set(unfinished.map(({ record }) => record.key?.result));
      await this.results.prune({ results, bytes: resultBytes }, (result) => needed.has(result));
      await this.previews.store.prune();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scheduler.finish();
    await this.exportLane[Symbol.asyncDispose]();
    await this.exportPreviews[Symbol.asyncDispose]();
    await this.previews[Symbol.asyncDispose]();
    await this.#tidying;
    await this.models[Symbol.asyncDispose]();
    await Promise.all([this.jobs, this.settings, this.recent, this.exportFolder].map((one) => one.settled()));
    await this.downloads[Symbol.asyncDispose]();
    await this.#lock[Symbol.asyncDispose]();
  }

  async #run(job: LiveJob, signal: AbortSignal): Promise<void> {
    const { path, request, job: id } = job.record;
    // Looking into a video and trying the devices go on by themselves: others may need them.
    const opening = Promise.all([this.videos.look(path), this.models.open(request.model)]);
    const [video, engine] = await unlessAborted(opening, signal);
    const key = resultKey(video.content, engine.model.bundle.manifest, settingsOf(job, engine));
    await using result = await this.results.open(key);
    if (job.record.again) await result.clear();
    this.jobs.change(id, { key, again: false });
    if (result.facts?.outcome) return;
    if (job.record.lane === 'screen') this.views.focus(key.result, job.fromSeconds);
    const { jobs, runs, views } = this;
    try {
      await runJob({ job, jobs, video, engine, result, runs, views }, signal);
    } finally {
      runs.end(id);
    }
  }
}

/** What `promise` gives, or at once the signal's reason. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function sampleFile(name: string): string {
  return outsideArchive(fileURLToPath(new URL(`../../../build/sample/${name}`, import.meta.url)));
}

async function libraryFolder(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) return realpath(path);
  throw new FileNotFoundError(`There is no folder at ${path}.`, { hint: 'Give --library a folder of videos.' });
}

interface Parts
  extends Pick<
    Workspace,
    | 'library'
    | 'home'
    | 'hub'
    | 'notices'
    | 'files'
    | 'settings'
    | 'recent'
    | 'results'
    | 'previews'
    | 'models'
    | 'downloads'
    | 'exportFolder'
    | 'receipts'
    | 'jobs'
  > {
  readonly lock: AsyncDisposable;
}
