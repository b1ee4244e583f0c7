import type { ImportReport as Report } from '../../state/import-report.svelte.ts';
import { bytesText, countText, durationText, millisecondsText } from '../../text/quantities.ts';

/** What of a report its steps follow from. */
export type ImportReport = Pick<
  Report,
  'phase' | 'download' | 'retry' | 'checksumOf' | 'files' | 'checked' | 'progress' | 'isTrying' | 'done'
>;

export interface Step {
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped';
  /** What was found out, or how far it is. */
  readonly detail: string | null;
  /** 0 … 1, null where nobody can tell; undefined where there is nothing to show. */
  readonly share?: number | null;
}

type Draft = Omit<Step, 'state'> & { readonly isDone: boolean };

/** An import as a person follows it: each step with what it has found out. The first that is not done is under way. */
export function stepsOf(report: ImportReport, withDownload: boolean): readonly Step[] {
  const drafts = [...(withDownload ? [downloadStep(report)] : []), checkStep(report), labelStep(report)];
  const all = [...drafts, writeStep(report), trialStep(report)];
  const current = all.findIndex(({ isDone }) => !isDone);
  return all.map(({ isDone, share, ...step }, index) => {
    const isCurrent = index === current;
    const state = isDone ? 'done' : isCurrent ? stateNow(report) : 'waiting';
    return { ...step, state, ...(state === 'running' && share !== undefined ? { share } : {}) };
  });
}

function stateNow({ phase }: ImportReport): Step['state'] {
  return phase === 'done' ? 'done' : phase;
}

function downloadStep({ download, retry, checksumOf, files }: ImportReport): Draft {
  const title = 'Fetch the files';
  if (files !== null) {
    const bytes = bytesText(files.reduce((sum, one) => sum + one.bytes, 0));
    const sums = files.some(({ verified }) => verified)
      ? 'the SHA-256 is the one that its publisher states'
      : 'its publisher states no checksum; the SHA-256 is kept';
    return { title, isDone: true, detail: `${bytes}; ${sums}.` };
  }
  if (checksumOf !== null)
    return { title, isDone: false, detail: `Computing the SHA-256 of ${checksumOf}`, share: null };
  if (download === null) return { title, isDone: false, detail: 'Asking the source', share: null };
  const { bytesDone, bytesTotal, bytesPerSecond } = download;
  const of = bytesTotal === null ? '' : ` of ${bytesText(bytesTotal)}`;
  const share = bytesTotal === null ? null : bytesDone / Math.max(1, bytesTotal);
  const lost = retry === null ? null : `${retry.reason.message} Trying again in ${durationText(retry.seconds)}.`;
  const parts = [`${bytesText(bytesDone)}${of}`, ...(lost === null ? speedOf(download) : [lost])];
  return {
    ...{ title, isDone: false, share },
    detail: parts.join(bytesPerSecond === null && lost !== null ? '. ' : ' · '),
  };
}

function speedOf({ bytesDone, bytesTotal, bytesPerSecond }: NonNullable<ImportReport['download']>): string[] {
  if (bytesPerSecond === null || bytesPerSecond <= 0) return [];
  const left = bytesTotal === null ? [] : [`${durationText((bytesTotal - bytesDone) / bytesPerSecond)} left`];
  return [`${bytesText(bytesPerSecond)}/s`, ...left];
}

function checkStep({ checked }: ImportReport): Draft {
  const title = 'Check what it is';
  if (checked === null) return { title, isDone: false, detail: null };
  const { kind, input, parameters, interpreter } = checked;
  const detail = `${kind}; ${input}. Every one of its ${countText(parameters)} weights is there, in its shape${interpreter ? '; with an interpreter' : ''}.`;
  return { title, isDone: true, detail };
}

function labelStep({ checked }: ImportReport): Draft {
  const title = 'Name the classes';
  if (checked === null) return { title, isDone: false, detail: null };
  const { classes, labelsFrom, firstLabels } = checked;
  const by = {
    request: 'as you named them',
    checkpoint: 'named by the checkpoint',
    list: 'named after the list of its data set that comes with Patchlight',
    nobody: 'which nobody has named: they are numbered',
  }[labelsFrom];
  return {
    title,
    isDone: true,
    detail: `${classes} classes, ${by}: ${firstLabels.join(', ')}${classes > firstLabels.length ? ' …' : ''}`,
  };
}

function writeStep({ progress, isTrying, done }: ImportReport): Draft {
  const title = 'Make the model';
  if (isTrying || done !== null) return { title, isDone: true, detail: null };
  if (progress === null) return { title, isDone: false, detail: null };
  const { bytesDone, bytesTotal } = progress;
  return {
    ...{ title, isDone: false, share: bytesDone / Math.max(1, bytesTotal) },
    detail: `${bytesText(bytesDone)} of ${bytesText(bytesTotal)} of weights copied`,
  };
}

function trialStep({ isTrying, done }: ImportReport): Draft {
  const title = 'Try it once';
  if (done === null) {
    return { title, isDone: false, detail: isTrying ? 'Classifying noise' : null, share: null };
  }
  const { device, precision, viewMs } = done.trial;
  const detail = `${done.model.forVideos ? 'A view' : 'An image'} of noise took ${millisecondsText(viewMs)} on ${device} (${precision}) and gave finite numbers.`;
  return { title, isDone: true, detail };
}
