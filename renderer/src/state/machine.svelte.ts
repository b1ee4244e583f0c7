import type { DeviceReport, MeasuredView, Measurement } from '#contract/devices.ts';
import type { EngineClient } from '#contract/engine-api.ts';
import type { SettingsChange } from '#contract/settings.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

type DeviceChange = Pick<SettingsChange, 'device' | 'precision' | 'threads'>;

/** What the models run on here, and how fast. */
export class Machine {
  readonly #session: Session;
  readonly #workspace: Workspace;
  #report = $state.raw<DeviceReport | null>(null);
  #isTrying = $state(false);
  #problem = $state.raw<Problem | null>(null);
  #step = $state.raw<{ readonly step: string; readonly share: number | null } | null>(null);
  #views = $state.raw<readonly MeasuredView[]>([]);
  #measurement = $state.raw<Measurement | null>(null);
  #measureProblem = $state.raw<Problem | null>(null);
  #stop = new AbortController();
  #asked = 0;

  constructor(session: Session, workspace: Workspace) {
    this.#session = session;
    this.#workspace = workspace;
  }

  /** Asks for the devices whenever another choice was made, for as long as the component lives that calls this. */
  follow(): void {
    const settings = $derived(this.#workspace.settings);
    const choice = $derived(settings && [settings.device, settings.precision, settings.threads].join());
    $effect(() => {
      const { engine } = this.#session;
      if (engine !== null && choice !== null) void this.#ask(engine);
    });
  }

  /** Null until the devices were tried. */
  get report(): DeviceReport | null {
    return this.#report;
  }

  get isTrying(): boolean {
    return this.#isTrying;
  }

  /** Why the choice does not work. */
  get problem(): Problem | null {
    return this.#problem;
  }

  async choose(change: DeviceChange): Promise<void> {
    const { engine } = this.#session;
    try {
      await this.#workspace.change(change);
    } catch (error) {
      this.#problem = problemOf(error);
      return;
    }
    // The choice is known before what ran has moved to it: only now does the answer concern it.
    if (engine !== null) await this.#ask(engine);
  }

  /** What is being measured; null while nothing is. */
  get step(): { readonly step: string; readonly share: number | null } | null {
    return this.#step;
  }

  /** Medians so far, or of the last measurement. */
  get views(): readonly MeasuredView[] {
    return this.#views;
  }

  /** The last one that came to its end. */
  get measurement(): Measurement | null {
    return this.#measurement;
  }

  get measureProblem(): Problem | null {
    return this.#measureProblem;
  }

  async measure(): Promise<void> {
    const { engine } = this.#session;
    if (engine === null || this.#step !== null) return;
    this.#stop = new AbortController();
    this.#step = { step: 'waiting for what runs', share: null };
    this.#views = [];
    this.#measurement = null;
    this.#measureProblem = null;
    try {
      for await (const event of engine.devices.measure({}, { signal: this.#stop.signal })) {
        if (event.type === 'step') this.#step = { step: event.step, share: event.done / Math.max(1, event.total) };
        else if (event.type === 'views') this.#views = event.views;
        else {
          this.#measurement = event.measurement;
          this.#views = event.measurement.views;
        }
      }
    } catch (error) {
      this.#measureProblem = problemOf(error);
    } finally {
      this.#step = null;
    }
  }

  cancel(): void {
    this.#stop.abort();
  }

  /** The last answer counts: choices may follow each other faster than devices are tried. */
  async #ask(engine: EngineClient): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    this.#isTrying = true;
    try {
      const report = await engine.devices.report();
      if (asked !== this.#asked) return;
      this.#report = report;
      this.#problem = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#report = null;
      this.#problem = problemOf(error);
    } finally {
      if (asked === this.#asked) this.#isTrying = false;
    }
  }
}
