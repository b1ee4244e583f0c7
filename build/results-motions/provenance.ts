import { thisMachine } from '#engine/measurement/this-machine.ts';
import { motionsVersion } from '#native-models/motions/version.ts';
import type { Provenance, Result, TableName } from './document.ts';
import type { Extent, Measuring } from './measuring.ts';
import { TABLES } from './tables.ts';

const FLAGS: Readonly<Record<keyof Extent, string>> = {
  clips: '--clips',
  curveClips: '--curve-clips',
  steps: '--steps',
  batch: '--batch',
  learningRate: '--learning-rate',
};

/** The command that measures a table, with all that decides how it comes out, and no folders of this machine. */
function commandOf(table: TableName, measuring: Measuring): string {
  const flags = (['clips', ...TABLES[table].extent] as const).map((part) => `${FLAGS[part]} ${measuring[part]}`);
  return `npm run results:motions -- ${measuring.bundle.manifest.name} ${table} ${flags.join(' ')}`;
}

/** @param threads Of the CPU. */
export function provenanceOf(table: TableName, measuring: Measuring, threads: number, minutes: number): Provenance {
  const { bundle, clips, runtime } = measuring;
  const { name, weights, trained } = bundle.manifest;
  const { device, precision } = runtime.target;
  return {
    bundle: { name, weightsSha256: weights.sha256, trained },
    dataSet: { name: 'motions', version: motionsVersion, split: 'test', clips },
    seeds: [...TABLES[table].seeds],
    machine: thisMachine(),
    device: { used: device, precision, threads },
    date: new Date().toISOString(),
    command: commandOf(table, measuring),
    minutes: Math.round(10 * minutes) / 10,
  };
}

/** Whether `result` is what measuring its table now would be about. */
export function isOf(result: Result, measuring: Measuring): boolean {
  const { bundle, dataSet, command } = result.provenance;
  return (
    bundle.weightsSha256 === measuring.bundle.manifest.weights.sha256 &&
    dataSet.version === motionsVersion &&
    command === commandOf(result.table, measuring)
  );
}
