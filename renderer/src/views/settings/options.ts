import type { Settings } from '#contract/settings.ts';

interface Option<Value> {
  readonly value: Value;
  readonly label: string;
}

export const THEMES: readonly Option<Settings['theme']>[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export const OVERLAY_MODES: readonly Option<Settings['overlay']['mode']>[] = [
  { value: 'off', label: 'Off' },
  { value: 'kept', label: 'Kept patches' },
  { value: 'heat', label: 'Heat map' },
  { value: 'outline', label: 'Outline' },
];

export const VIEWS: readonly Option<Settings['views']>[] = [
  { value: 3, label: 'Three' },
  { value: 1, label: 'One' },
];

export const DEVICES: readonly Option<Settings['device']>[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'cpu', label: 'CPU' },
  { value: 'cuda', label: 'CUDA (NVIDIA)' },
  { value: 'dml', label: 'DirectML (Windows)' },
  { value: 'coreml', label: 'Core ML (Apple silicon)' },
  { value: 'webgpu', label: 'WebGPU' },
];

export const PRECISIONS: readonly Option<Settings['precision']>[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'fp32', label: 'fp32' },
  { value: 'fp16', label: 'fp16' },
];
