import type { PlannedClip } from './plan.ts';

/** Slack for float noise, in frames: far below the distance of two frames, far above the noise. */
const EPSILON_FRAMES = 1e-4;

/** Moments closer than this are the same. */
const SAME_SECONDS = 1e-6;

/** Frames may stand this far from the average rate's grid and still count as standing on it. */
const LARGEST_SNAP_FRAMES = 0.2;

/**
 * The moments that evenly spaced clips look at, numbered in ascending order as *slots*.
 *
 * Clips that start every `stepFrames` look at the same pattern of moments over and over: in every step the same few
 * `residues`. So the slot of any moment has a closed form, short enough for an ffmpeg expression however many clips
 * there are, and whether or not they overlap. All positions are in frames at the average rate, from the first frame.
 */
export interface SampleGrid {
  readonly framesPerSecond: number;
  /** Start of the first clip. */
  readonly origin: number;
  readonly stepFrames: number;
  /** Distinct ascending positions within one step, the first of them 0. */
  readonly residues: readonly number[];
  /** Time stamps say no more than their resolution: so close to the average rate's grid, a frame stands on it. */
  readonly snapFrames: number;
  /** For every sample of a clip, its slot minus the slot of the clip's first sample. */
  readonly slotOffsets: readonly number[];
  readonly clipCount: number;
}

/**
 * Cuts a list of clips into runs that are evenly spaced and alike, each of which one grid describes.
 * What `planClips` gives is one run.
 */
export function evenRuns(clips: readonly PlannedClip[]): (readonly PlannedClip[])[] {
  const runs: PlannedClip[][] = [];
  let run: PlannedClip[] = [];
  let step: number | null = null;
  for (const clip of clips) {
    const previous = run.at(-1);
    const distance = previous === undefined ? 0 : clip.startSeconds - previous.startSeconds;
    const follows = previous !== undefined && distance > 0 && Math.abs(distance - (step ?? distance)) < SAME_SECONDS;
    if (follows && alike(run[0], clip)) {
      step ??= distance;
      run.push(clip);
    } else {
      run = [clip];
      step = null;
      runs.push(run);
    }
  }
  return runs;
}

/** Whether two clips look at the same pattern of moments. */
function alike(a: PlannedClip | undefined, b: PlannedClip): boolean {
  if (a === undefined) return false;
  const pattern = a.sampleSeconds;
  const other = b.sampleSeconds;
  return (
    pattern.length === other.length &&
    pattern.every((s, i) => Math.abs(s - a.startSeconds - ((other[i] ?? 0) - b.startSeconds)) < SAME_SECONDS)
  );
}

/** The grid of one even run. */
export function sampleGrid(run: readonly PlannedClip[], framesPerSecond: number, tickSeconds: number): SampleGrid {
  const [first, second] = run;
  if (first === undefined) throw new RangeError('a run has at least one clip');
  const offsets = first.sampleSeconds.map((s) => (s - first.startSeconds) * framesPerSecond);
  const longest = offsets.at(-1) ?? 0;
  const stepFrames = second ? (second.startSeconds - first.startSeconds) * framesPerSecond : longest + 1;
  const places = offsets.map((offset) => {
    const step = Math.floor((offset + EPSILON_FRAMES) / stepFrames);
    return { step, residue: Math.max(0, offset - step * stepFrames) };
  });
  const residues: number[] = [];
  for (const { residue } of places.toSorted((a, b) => a.residue - b.residue)) {
    if (residue - (residues.at(-1) ?? Number.NEGATIVE_INFINITY) > EPSILON_FRAMES) residues.push(residue);
  }
  const rank = (residue: number) => residues.findLastIndex((known) => known <= residue + EPSILON_FRAMES);
  return {
    framesPerSecond,
    origin: first.startSeconds * framesPerSecond,
    stepFrames,
    residues,
    snapFrames: Math.min(LARGEST_SNAP_FRAMES, Math.max(tickSeconds, 2e-6) * framesPerSecond),
    slotOffsets: places.map(({ step, residue }) => step * residues.length + rank(residue)),
    clipCount: run.length,
  };
}

/** Slots from the first sample of the first clip to the last sample of the last. */
export function slotCount({ clipCount, residues, slotOffsets }: SampleGrid): number {
  return (clipCount - 1) * residues.length + (slotOffsets.at(-1) ?? 0) + 1;
}

/** The longest stretch without a sample, in seconds. */
export function longestGapSeconds({ stepFrames, residues, framesPerSecond }: SampleGrid): number {
  const gaps = residues.map((residue, i) => (residues[i + 1] ?? stepFrames) - residue);
  return Math.max(...gaps) / framesPerSecond;
}

/**
 * The first slot that may show a frame: the number of sampled moments before the frame appears.
 *
 * A frame is on screen for slot j exactly when it is the last one whose first slot is at most j.
 *
 * @param microseconds the frame's time stamp minus the first frame's
 */
export function firstSlot(grid: SampleGrid, microseconds: number): number {
  const position = (microseconds / 1_000_000) * grid.framesPerSecond;
  const onGrid = Math.abs(position - Math.round(position)) < grid.snapFrames ? Math.round(position) : position;
  const since = onGrid - grid.origin - EPSILON_FRAMES;
  const step = Math.floor(since / grid.stepFrames);
  const within = since - step * grid.stepFrames;
  let before = step * grid.residues.length;
  for (const residue of grid.residues) if (within > residue) before++;
  return before;
}

/**
 * {@link firstSlot} as an ffmpeg expression for `setpts`, on a time base of microseconds; the same operations in the same
 * order, so that both give the same number.
 *
 * @param zero the first frame's time stamp as an expression: a number, or `STARTPTS`
 */
export function firstSlotExpression(grid: SampleGrid, zero: string): string {
  const { framesPerSecond, snapFrames, origin, stepFrames, residues } = grid;
  return [
    `st(0,(PTS-(${zero}))/1000000*${framesPerSecond})`,
    `st(0,if(lt(abs(ld(0)-round(ld(0))),${snapFrames}),round(ld(0)),ld(0))-${origin}-${EPSILON_FRAMES})`,
    `st(1,floor(ld(0)/${stepFrames}))`,
    `st(2,ld(0)-ld(1)*${stepFrames})`,
    `ld(1)*${residues.length}+${residues.map((residue) => `gt(ld(2),${residue})`).join('+')}`,
  ].join(';');
}
