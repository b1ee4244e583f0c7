import { randomUUID } from 'node:crypto';
import type { Notice } from '#contract/notices.ts';
import type { EventHub } from './event-hub.ts';

type WithoutId<N> = N extends unknown ? Omit<N, 'id'> : never;

/** Notices that nobody has dismissed yet. They outlive the windows, not the engine. */
export class NoticeBoard {
  readonly #hub: EventHub;
  readonly #notices = new Map<string, Notice>();

  constructor(hub: EventHub) {
    this.#hub = hub;
  }

  get all(): readonly Notice[] {
    return [...this.#notices.values()];
  }

  post(notice: WithoutId<Notice>): void {
    const posted = { ...notice, id: randomUUID() } as Notice;
    this.#notices.set(posted.id, posted);
    this.#hub.publish(posted.id, { type: 'notice', notice: posted });
  }

  dismiss(id: string): void {
    if (this.#notices.delete(id)) this.#hub.publish(id, { type: 'notice-dismissed', id });
  }
}
