import { z } from 'zod';

/** Arrays of numbers that cross process boundaries as they lie in memory. */

export const float32ArraySchema: z.ZodType<Float32Array, Float32Array> = z.instanceof(Float32Array);
export const uint32ArraySchema: z.ZodType<Uint32Array, Uint32Array> = z.instanceof(Uint32Array);
export const uint8ArraySchema: z.ZodType<Uint8Array, Uint8Array> = z.instanceof(Uint8Array);
