import { Analysis } from './analysis.svelte.ts';
import { Navigation } from './navigation.svelte.ts';
import { Opening } from './opening.svelte.ts';
import type { Session } from './session.svelte.ts';
import { Workspace } from './workspace.svelte.ts';

/** Everything that more than one screen needs. */
export class AppState {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly navigation: Navigation;
  readonly opening: Opening;
  readonly analysis: Analysis;

  constructor(session: Session) {
    this.session = session;
    this.workspace = new Workspace(session);
    this.navigation = new Navigation(session.commands);
    this.opening = new Opening(session);
    this.analysis = new Analysis(session, this.workspace);
  }
}
