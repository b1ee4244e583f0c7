/** Where inference can run, by the names that onnxruntime gives its execution providers. */
export type DeviceName = 'cpu' | 'cuda' | 'dml' | 'coreml' | 'webgpu';

/** What the weights and activations are computed in. */
export type Precision = 'fp32' | 'fp16';

/** Fastest first; `auto` takes the first that works. */
export const DEVICES_BY_SPEED: readonly DeviceName[] = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'];

/** How people know the devices. */
export const DEVICE_TITLES: Readonly<Record<DeviceName, string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
  webgpu: 'WebGPU',
};

/** What a graph is built for. */
export interface Target {
  readonly device: DeviceName;
  readonly precision: Precision;
  /** The device computes `com.microsoft.MultiHeadAttention`, and computed it right when it was tried. */
  readonly fusedAttention: boolean;
}

/** The target that is always there. */
export const CPU_TARGET: Target = { device: 'cpu', precision: 'fp32', fusedAttention: true };

/** Why a device is not used, as a sentence. */
export interface Refusal {
  readonly device: DeviceName;
  readonly reason: string;
}
