import { toErrorData } from '#contract/errors.ts';
import type { GrantedFile } from '#contract/files.ts';
import type { ShellEvents } from '#shell/shell-events.ts';

export interface OpenFilesParts {
  readonly grant: (path: string) => Promise<GrantedFile>;
  readonly events: Pick<ShellEvents, 'publish'>;
  /** The system's own list of recent documents. */
  readonly addRecentDocument: (path: string) => void;
}

/** Opens files that the user chose, however: windows are told of those that are there, and of each that is not. */
export async function openFiles(paths: readonly string[], parts: OpenFilesParts): Promise<readonly GrantedFile[]> {
  const { grant, events, addRecentDocument } = parts;
  const files: GrantedFile[] = [];
  for (const path of paths) {
    try {
      files.push(await grant(path));
      addRecentDocument(path);
    } catch (thrown) {
      events.publish({ type: 'open-failed', error: toErrorData(thrown) });
    }
  }
  if (files.length > 0) events.publish({ type: 'open', files });
  return files;
}
