import { createHash } from 'node:crypto';
import type { ParameterSet } from './parameter-set.ts';

/** SHA-256 over names, shapes and numbers, in hexadecimal. */
export function tensorsFingerprint({ shapes, numbers }: ParameterSet): string {
  return createHash('sha256')
    .update(JSON.stringify([...shapes]))
    .update(numbers)
    .digest('hex');
}
