import { describe, expect, it } from 'vitest';
import { readableReason } from '#native-models/runtime/refusal-reason.ts';

describe('the reason of a refusal', () => {
  it('says in plain words what onnxruntime says in C++', () => {
    const said =
      '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::' +
      'Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == ' +
      'wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters\n';
    expect(readableReason(said)).toBe('No graphics adapter was found that WebGPU could use.');
  });

  it('leaves places in source files out of messages that it does not know', () => {
    expect(readableReason('/a/b/c.cc:12 Something\n  else went   wrong')).toBe('Something else went wrong.');
  });

  it('is one sentence of readable length', () => {
    const reason = readableReason('x'.repeat(1000));
    expect(reason).toHaveLength(200);
  });
});
