import { describe, expect, it } from 'vitest';
import { OutOfMemoryError } from '#contract/errors.ts';
import { errorOf, failureOf, meansOutOfMemory, WorkerFailure } from '#native-models/runtime/failure.ts';

describe('running out of memory', () => {
  // As onnxruntime, CUDA, cuBLAS, DirectX, Dawn, C++ and V8 say it.
  it.each([
    'std::bad_alloc',
    'Failed to allocate memory for requested buffer of size 4831838208',
    'BFCArena::AllocateRawInternal: Available memory of 1024 is smaller than requested bytes of 4096',
    'CUDA failure 2: out of memory ; GPU=0 ; hostname=desk',
    'CUDA error cudaErrorMemoryAllocation: CUDA_ERROR_OUT_OF_MEMORY',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
    'Exception(1) tid(4d2) 8007000E Not enough memory resources are available to complete this operation.',
    'E_OUTOFMEMORY',
    'WebGPU validation failed. Device lost: VK_ERROR_OUT_OF_DEVICE_MEMORY',
    'Failed to create buffer: Out of memory',
    'Array buffer allocation failed',
  ])('is recognised in "%s"', (message) => {
    expect(meansOutOfMemory(message)).toBe(true);
    const failure = failureOf(new Error(message));
    expect(failure.kind).toBe('memory');
    const error = errorOf(new WorkerFailure(failure));
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error.detail).toBe(message);
  });

  it.each(['Invalid rank for input: x', 'Device lost', 'Failed to load library libcudnn.so'])(
    'is not seen in "%s"',
    (message) => {
      expect(failureOf(new Error(message)).kind).toBe('device');
    },
  );
});
