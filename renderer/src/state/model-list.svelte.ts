import type { Model, UsableModel } from '#contract/models.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** The models of this computer. */
export class ModelList {
  readonly #session: Session;
  readonly #workspace: Workspace;
  #models = $state.raw<readonly Model[]>([]);
  #problem = $state.raw<Problem | null>(null);

  constructor(session: Session, workspace: Workspace) {
    this.#session = session;
    this.#workspace = workspace;
  }

  /** Asks again whenever models came or went, for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      void this.#workspace.modelsRevision;
      const { engine } = this.#session;
      if (engine === null) return;
      let isOver = false;
      engine.models.list().then(
        (models) => {
          if (isOver) return;
          this.#models = models;
          this.#problem = null;
        },
        (error: unknown) => {
          if (!isOver) this.#problem = problemOf(error);
        },
      );
      return () => {
        isOver = true;
      };
    });
  }

  /** All of them, shipped ones first: also those that are for pictures, and those that cannot be used. */
  get all(): readonly Model[] {
    return this.#models;
  }

  get usable(): readonly UsableModel[] {
    return this.#models.filter((model): model is UsableModel => model.state === 'usable');
  }

  get forVideos(): readonly UsableModel[] {
    return this.usable.filter(({ forVideos }) => forVideos);
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** A model by its name; undefined while it is not known, or gone. */
  named(name: string): UsableModel | undefined {
    return this.forVideos.find((model) => model.name === name);
  }

  /** The one that is taken where nobody has chosen. */
  get standard(): UsableModel | undefined {
    return this.forVideos.find(({ isDefault }) => isDefault);
  }
}
