import type { Provenance } from '../provenance.ts';

/** 0 … 1 as a percentage. */
export function percent(digits: number): (share: number) => string {
  return (share) => `${(100 * share).toFixed(digits)} %`;
}

const DATA = { motions: 'clips of Motions', shapes: 'images of Shapes' } as const;

/** What stands below every picture: model, clips, machine, day. */
export function sourceLine({ provenance }: { readonly provenance: Provenance }): string {
  const { bundle, dataSet, machine, device, date } = provenance;
  const cores = machine.cores === 1 ? 'one core' : `${machine.cores} cores`;
  const where = device.used === 'cpu' ? `${machine.cpu}, ${cores}` : `${device.used} ${device.precision}`;
  return [
    `${bundle.name}${bundle.trained ? '' : ' (untrained)'}`,
    `${dataSet.clips.toLocaleString('en-US')} ${DATA[dataSet.name]}, ${dataSet.split} split`,
    where,
    date.slice(0, 10),
  ].join(' · ');
}
