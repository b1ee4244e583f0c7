import type { CommandId } from '#contract/commands.ts';

/** Who carries out which command; keys, native menus and buttons all come here. */
export class Commands {
  readonly #handlers = new Map<CommandId, () => unknown>();

  /** Lets `handler` carry out a command until the result is called. The last one who asked is taken. */
  handle(command: CommandId, handler: () => unknown): () => void {
    this.#handlers.set(command, handler);
    return () => {
      if (this.#handlers.get(command) === handler) this.#handlers.delete(command);
    };
  }

  /** False when nobody carries it out now. */
  run(command: CommandId): boolean {
    const handler = this.#handlers.get(command);
    handler?.();
    return handler !== undefined;
  }
}
