import Boxes from '@lucide/svelte/icons/boxes';
import Columns3 from '@lucide/svelte/icons/columns-3';
import ScanEye from '@lucide/svelte/icons/scan-eye';
import type { Component } from 'svelte';
import type { CommandId } from '#contract/commands.ts';
import type { AppState } from '../state/app-state.ts';
import type { Screen } from '../state/navigation.svelte.ts';
import Analyse from '../views/analyse/analyse.svelte';
import Compare from '../views/compare/compare.svelte';
import ModelsView from '../views/models/models.svelte';

interface ScreenDefinition {
  readonly screen: Screen;
  readonly label: string;
  readonly icon: Component;
  readonly command: CommandId;
  readonly view: Component<{ app: AppState }>;
}

/** In the order of the rail. */
export const SCREENS_OF_RAIL: readonly ScreenDefinition[] = [
  { screen: 'analyse', label: 'Analyse', icon: ScanEye, command: 'view.analyse', view: Analyse },
  { screen: 'compare', label: 'Compare', icon: Columns3, command: 'view.compare', view: Compare },
  { screen: 'models', label: 'Models', icon: Boxes, command: 'view.models', view: ModelsView },
];
