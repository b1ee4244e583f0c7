import { rename } from 'node:fs/promises';

/** Gets a damaged file or folder out of the way without deleting it; gives where it is now. */
export async function setAside(path: string, now: Date = new Date()): Promise<string> {
  const stamp = now.toISOString().replaceAll(':', '-').slice(0, 19);
  for (let attempt = 0; ; attempt++) {
    const place = `${path}.damaged-${stamp}${attempt === 0 ? '' : `-${attempt}`}`;
    try {
      await rename(path, place);
      return place;
    } catch (thrown) {
      // A folder of that name that is not empty. Files are replaced, and those of one second are alike.
      const taken = ['ENOTEMPTY', 'EEXIST'].includes((thrown as NodeJS.ErrnoException).code ?? '');
      if (!taken || attempt > 100) throw thrown;
    }
  }
}
