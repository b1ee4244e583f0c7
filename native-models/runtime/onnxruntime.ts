import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { DEVICES_BY_SPEED, type DeviceName } from './target.ts';

/**
 * onnxruntime-node, prepared. Only worker code may import this file: it loads the native library and changes what a
 * process prints.
 */

// Failures reach us as exceptions; what onnxruntime would print beside them belongs to nobody's terminal.
env.logLevel = 'fatal';

// onnxruntime-node 1.30 takes every Float16Array for an empty one, and the same bits as Uint16Array for what they are.
// It looks for the class once, when the first tensor is made.
const float16 = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
if (float16 !== undefined) {
  Reflect.deleteProperty(globalThis, 'Float16Array');
  new Tensor('uint8', new Uint8Array(1), [1]);
  Object.defineProperty(globalThis, 'Float16Array', float16);
}

/** The devices that this platform's onnxruntime was built for, fastest first. Whether they work is another question. */
export function builtInDevices(): readonly DeviceName[] {
  const names = listSupportedBackends().map((backend) => backend.name);
  return DEVICES_BY_SPEED.filter((device) => names.includes(device));
}

export { InferenceSession, Tensor };
