import type { CommandId } from '#contract/commands.ts';
import type { AppState } from '../../state/app-state.ts';

/** How far a key moves the threshold, as a share of its range, or the keep ratio. */
const STEP = 0.02;

/** Lets menu and keys change the overlay and the choice of patches, until the result is called. */
export function handleAnalysis(app: AppState): () => void {
  const { session, analysis, heatMap, overlay, playback, selection } = app;
  /** Up keeps fewer patches, whichever of the two limits them. */
  const raise = (by: number) => {
    const rule = selection.choice?.rule;
    if (rule === undefined || selection.choice?.name === 'full') return;
    const { lowest, highest } = selection.range;
    const moved = rule.kind === 'threshold' ? rule.threshold + by * (highest - lowest) : rule.ratio - by;
    const [least, most] = rule.kind === 'threshold' ? [lowest, highest] : [0, 1];
    // Many steps would add up their rounding errors.
    const value = Number(Math.min(most, Math.max(least, moved)).toPrecision(6));
    selection.chooseRule(
      rule.kind === 'threshold' ? { kind: 'threshold', threshold: value } : { kind: 'keep', ratio: value },
    );
  };
  const handlers: readonly (readonly [CommandId, () => unknown])[] = [
    ['overlay.off', () => overlay.choose('off')],
    ['overlay.kept', () => overlay.choose('kept')],
    ['overlay.heat', () => overlay.choose('heat')],
    ['overlay.outline', () => overlay.choose('outline')],
    ['overlay.next-map', () => (overlay.mode === 'heat' ? heatMap.chooseNext() : overlay.choose('heat'))],
    ['overlay.crops', () => overlay.toggleCrops()],
    ['analysis.lower-threshold', () => raise(-STEP)],
    ['analysis.raise-threshold', () => raise(STEP)],
    ['analysis.apply-to-all', () => selection.applyToAll()],
    ['analysis.cancel', () => analysis.cancel()],
    ['analysis.resume', () => analysis.resume(playback.seconds)],
  ];
  const stops = handlers.map(([command, handler]) => session.commands.handle(command, handler));
  return () => {
    for (const stop of stops) stop();
  };
}
