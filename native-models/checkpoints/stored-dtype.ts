/** Element types that checkpoints store, by their safetensors names, with their sizes in bytes. */
export const STORED_DTYPES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type StoredDtype = keyof typeof STORED_DTYPES;

/** Types that a bundle keeps as they are; the other floating types become F32 on import. */
export type BundleDtype = 'F32' | 'F16';

export function isStoredDtype(name: string): name is StoredDtype {
  return Object.hasOwn(STORED_DTYPES, name);
}

/** True for the types that weights have; counters and masks have the others. */
export function isFloating(dtype: StoredDtype): boolean {
  return dtype === 'F64' || dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}
