/** Why work is stopped, and so what becomes of it: the reason of an aborted signal. */
export class Stopped<Reason extends string> extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(`The work was stopped: ${reason}.`);
    this.reason = reason;
  }
}

/** Why a signal was aborted; null when it was not, or by somebody who gave no reason. */
export function stopReason<Reason extends string>(signal: AbortSignal): Reason | null {
  return signal.reason instanceof Stopped ? (signal.reason as Stopped<Reason>).reason : null;
}
