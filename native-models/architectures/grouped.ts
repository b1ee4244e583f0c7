import type { Architecture, Selection } from '../bundle/manifest.ts';
import { groupedDeit } from './deit/grouped-deit.ts';
import type { GroupedArchitecture } from './grouped-architecture.ts';
import { groupedTimesformer } from './timesformer/grouped-timesformer.ts';

/** The model as pieces of a graph, with the groups of `selection`. */
export function groupedArchitecture(architecture: Architecture, selection: Selection): GroupedArchitecture {
  return architecture.kind === 'deit'
    ? groupedDeit(architecture, selection)
    : groupedTimesformer(architecture, selection);
}
