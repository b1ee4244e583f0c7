import type { Measured } from '../results/provenance.ts';
import type { TableName } from './document.ts';
import type { Extent, Measuring } from './measuring.ts';
import { TABLES } from './tables.ts';

const FLAGS: Readonly<Record<keyof Extent, string>> = {
  clips: '--clips',
  curveClips: '--curve-clips',
  steps: '--steps',
  batch: '--batch',
  learningRate: '--learning-rate',
};

/** What a table is about. */
export function measuredOf(table: TableName, measuring: Measuring): Measured {
  const { bundle, runtime, clips, singleFrame } = measuring;
  const { seeds, extent } = TABLES[table];
  const flags = (['clips', ...extent] as const).map((part) => `${FLAGS[part]} ${measuring[part]}`);
  const beside = table === 'single-frame' && singleFrame !== null ? [singleFrame] : [];
  flags.push(...beside.map(({ manifest }) => `--single-frame ${manifest.name}`));
  const command = `npm run results:motions -- ${bundle.manifest.name} ${table} ${flags.join(' ')}`;
  return { data: 'motions', bundle, beside, runtime, clips, seeds, command };
}
