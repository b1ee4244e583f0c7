import Boxes from '@lucide/svelte/icons/boxes';
import Columns3 from '@lucide/svelte/icons/columns-3';
import ImageIcon from '@lucide/svelte/icons/image';
import Info from '@lucide/svelte/icons/info';
import ListVideo from '@lucide/svelte/icons/list-video';
import ScanEye from '@lucide/svelte/icons/scan-eye';
import SettingsIcon from '@lucide/svelte/icons/settings';
import type { Component } from 'svelte';
import type { CommandId } from '#contract/commands.ts';
import type { AppState } from '../state/app-state.ts';
import type { Screen } from '../state/navigation.svelte.ts';
import About from '../views/about/about.svelte';
import Analyse from '../views/analyse/analyse.svelte';
import Compare from '../views/compare/compare.svelte';
import ImageView from '../views/image/image.svelte';
import ModelsView from '../views/models/models.svelte';
import Queue from '../views/queue/queue.svelte';
import Settings from '../views/settings/settings.svelte';

interface ScreenDefinition {
  readonly screen: Screen;
  readonly label: string;
  readonly icon: Component;
  readonly command: CommandId;
  readonly view: Component<{ app: AppState }>;
  /** Apart from the screens that people work with. */
  readonly isAtFoot?: boolean;
}

/** In the order of the rail. */
export const SCREENS_OF_RAIL: readonly ScreenDefinition[] = [
  { screen: 'analyse', label: 'Analyse', icon: ScanEye, command: 'view.analyse', view: Analyse },
  { screen: 'compare', label: 'Compare', icon: Columns3, command: 'view.compare', view: Compare },
  { screen: 'image', label: 'Image', icon: ImageIcon, command: 'view.image', view: ImageView },
  { screen: 'models', label: 'Models', icon: Boxes, command: 'view.models', view: ModelsView },
  { screen: 'queue', label: 'Queue', icon: ListVideo, command: 'view.queue', view: Queue },
  {
    screen: 'settings',
    label: 'Settings',
    icon: SettingsIcon,
    command: 'view.settings',
    view: Settings,
    isAtFoot: true,
  },
  { screen: 'about', label: 'About', icon: Info, command: 'help.about', view: About, isAtFoot: true },
];
