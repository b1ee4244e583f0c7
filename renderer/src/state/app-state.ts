import { Actions } from './actions.svelte.ts';
import { Analysis } from './analysis.svelte.ts';
import { Arrivals } from './arrivals.svelte.ts';
import { Exports } from './exports.svelte.ts';
import { HeatMap } from './heat-map.svelte.ts';
import { ImageScreen } from './image-screen.svelte.ts';
import { Machine } from './machine.svelte.ts';
import { ModelList } from './model-list.svelte.ts';
import { ModelsScreen } from './models-screen.svelte.ts';
import { Navigation } from './navigation.svelte.ts';
import { Opening } from './opening.svelte.ts';
import { Overlay } from './overlay.svelte.ts';
import { Playback } from './playback.svelte.ts';
import { Preview } from './preview.svelte.ts';
import { VideoQueue } from './queue.svelte.ts';
import { Selection } from './selection.svelte.ts';
import type { Session } from './session.svelte.ts';
import { Workspace } from './workspace.svelte.ts';

/** Everything that more than one screen needs. */
export class AppState {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly navigation: Navigation;
  readonly opening: Opening;
  readonly models: ModelList;
  readonly analysis: Analysis;
  readonly modelsScreen: ModelsScreen;
  readonly machine: Machine;
  readonly actions: Actions;
  readonly playback: Playback;
  readonly preview: Preview;
  readonly selection: Selection;
  readonly overlay: Overlay;
  readonly heatMap: HeatMap;
  readonly arrivals: Arrivals;
  readonly queue: VideoQueue;
  readonly image: ImageScreen;
  readonly exports: Exports;

  constructor(session: Session) {
    this.session = session;
    this.workspace = new Workspace(session);
    this.navigation = new Navigation(session.commands);
    this.opening = new Opening(session);
    this.models = new ModelList(session, this.workspace);
    this.analysis = new Analysis(session, this.workspace);
    this.modelsScreen = new ModelsScreen(session, this.workspace, this.models);
    this.machine = new Machine(session, this.workspace);
    this.actions = new Actions(this.analysis, this.workspace);
    this.playback = new Playback(this.analysis);
    this.preview = new Preview(session, this.analysis, this.playback);
    this.selection = new Selection(session, this.workspace, this.analysis, this.playback, this.models);
    this.overlay = new Overlay(this.workspace);
    this.heatMap = new HeatMap(this);
    this.queue = new VideoQueue(session, this.workspace);
    this.image = new ImageScreen(session, this.models);
    this.arrivals = new Arrivals(session, this);
    this.exports = new Exports(session, this.workspace, this.analysis, this.playback, this.actions);
  }

  /** Keeps everything up to date, for as long as the component lives that calls this. */
  follow(): void {
    this.workspace.follow();
    this.models.follow();
    this.playback.follow();
    this.preview.follow();
    this.selection.follow();
    this.heatMap.follow();
    this.arrivals.follow();
    this.image.follow();
    this.exports.follow();
  }
}
