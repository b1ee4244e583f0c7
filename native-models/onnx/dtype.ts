/** Element types that our graphs use, with their numbers in ONNX (`TensorProto.DataType`) and sizes in bytes. */
export const DTYPES = {
  float32: { onnx: 1, bytes: 4 },
  uint8: { onnx: 2, bytes: 1 },
  int32: { onnx: 6, bytes: 4 },
  int64: { onnx: 7, bytes: 8 },
  bool: { onnx: 9, bytes: 1 },
  float16: { onnx: 10, bytes: 2 },
} as const;

export type DType = keyof typeof DTYPES;

/** Types that weights and activations have. */
export type FloatType = 'float32' | 'float16';
