import { open } from 'node:fs/promises';
import type { Bundle } from '../bundle/load-bundle.ts';
import { readExactly } from '../checkpoints/read-tensor.ts';
import { ParameterSet } from './parameter-set.ts';

/**
 * The weights of a bundle, interpreter included, as parameters to go on training with.
 *
 * @throws CheckpointInvalidError when its file has become shorter.
 */
export async function bundleParameters(bundle: Bundle): Promise<ParameterSet> {
  const parameters = new ParameterSet(new Map([...bundle.tensors].map(([name, { shape }]) => [name, shape])));
  await using handle = await open(bundle.weightsPath, 'r');
  for (const [name, { dtype, byteOffset, byteLength }] of bundle.tensors) {
    const bytes = new Uint8Array(byteLength);
    await readExactly(handle, bytes, byteOffset);
    parameters.get(name).set(dtype === 'float16' ? new Float16Array(bytes.buffer) : new Float32Array(bytes.buffer));
  }
  return parameters;
}
