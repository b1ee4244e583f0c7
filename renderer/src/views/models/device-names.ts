import type { DeviceReport } from '#contract/devices.ts';

type Device = DeviceReport['requested']['device'];

/** Devices as people call them, in the order in which they are offered. */
export const DEVICE_NAMES: Readonly<Record<Device, string>> = {
  auto: 'Automatic',
  cpu: 'CPU',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  dml: 'DirectML',
  coreml: 'CoreML',
};

export function deviceName(device: string): string {
  return Object.hasOwn(DEVICE_NAMES, device) ? DEVICE_NAMES[device as Device] : device;
}
