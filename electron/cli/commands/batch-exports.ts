import { resolve } from 'node:path';
import { TargetInvalidError, UsageError } from '#contract/errors.ts';
import type { BatchExport } from '#engine/batch/batch-export.ts';
import { formatOfName } from '#engine/export/formats.ts';
import { checkPattern } from '#engine/export/targets/target-path.ts';
import type { ExportOptions } from './export-options.ts';

/**
 * What `--export` asks for. The folders in front of the first placeholder are where the files go, wherever that is; what
 * follows never leaves them.
 *
 * @throws UsageError
 */
export function batchExports({ export: names, exportTo }: Pick<ExportOptions, 'export' | 'exportTo'>): BatchExport[] {
  return names.map((name) => {
    const format = formatOfName(name);
    const parts = name.split(process.platform === 'win32' ? /[/\\]/ : '/');
    const first = parts.findIndex((part) => part.includes('{'));
    const pattern = parts.slice(first === -1 ? parts.length - 1 : first).join('/');
    try {
      checkPattern(pattern, format.files);
    } catch (thrown) {
      if (!(thrown instanceof TargetInvalidError)) throw thrown;
      throw new UsageError(thrown.message, { ...(thrown.hint === undefined ? {} : { hint: thrown.hint }) });
    }
    return { format, folder: resolve(exportTo, name.slice(0, name.length - pattern.length)), pattern };
  });
}
