import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ProbeTimeoutError } from '#contract/errors.ts';
import { findBinary, LOCAL_FILES_ONLY } from './ffmpeg-binaries.ts';

/** How long ffprobe may take to understand a file. */
const PROBE_LIMIT_MS = 30_000;

/** What ffprobe complains about is kept for messages, but never without bound. */
const COMPLAINTS_KEPT = 8_000;

export interface FfprobeResult {
  readonly exitCode: number;
  /** What ffprobe wrote to stderr at level `error`. */
  readonly complaints: string;
}

/**
 * Asks ffprobe about one file, and hands over its answer line by line.
 *
 * @param path absolute, so that no file name is taken for an option
 * @throws FfmpegMissingError, ProbeTimeoutError, the signal's reason
 */
export async function ffprobe(
  path: string,
  question: readonly string[],
  onLine: (line: string) => void,
  signal?: AbortSignal,
  limitMs = PROBE_LIMIT_MS,
): Promise<FfprobeResult> {
  signal?.throwIfAborted();
  const binary = await findBinary('ffprobe');
  const limit = AbortSignal.timeout(limitMs);
  const child = spawn(binary, ['-v', 'error', ...LOCAL_FILES_ONLY, ...question, path], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaints.length < COMPLAINTS_KEPT) complaints += text;
  });
  createInterface({ input: child.stdout }).on('line', onLine);

  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', (code) => resolve(code ?? 1));
  try {
    const exitCode = await promise;
    signal?.throwIfAborted();
    return { exitCode, complaints: complaints.trim() };
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) {
      throw new ProbeTimeoutError(`${path} was not understood within ${limitMs / 1000} s.`, {
        hint: 'Copy the file to a local disk, or convert it with ffmpeg, and try again.',
      });
    }
    throw error;
  }
}
