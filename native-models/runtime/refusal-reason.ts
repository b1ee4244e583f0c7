/** What onnxruntime and drivers say, and what it means. The first that fits counts. */
const KNOWN: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/No supported adapters|Failed to get a WebGPU adapter/, 'No graphics adapter was found that WebGPU could use.'],
  [
    /Failed to load (shared )?library|providers_cuda/,
    "onnxruntime's libraries for it, or the driver, are not installed.",
  ],
  [/no CUDA-capable device|CUDA_ERROR_NO_DEVICE|CUDA failure 100/i, 'No CUDA device was found.'],
  [/driver version is insufficient|CUDA failure 35/i, 'The CUDA driver is too old.'],
  [/requires f16/, 'It has no 16-bit floats.'],
  [/backend not found/, 'onnxruntime has no such device on this platform.'],
];

/** A native error message as one readable sentence. */
export function readableReason(message: string): string {
  const known = KNOWN.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return known[1];
  const plain = message
    // Places in onnxruntime's and the driver's sources, in front of what was said about them.
    .replace(/^.*\.(cc|cpp|h):\d+ /s, '')
    .replace(/\s+/g, ' ')
    .trim();
  const short = plain.length > 200 ? `${plain.slice(0, 199)}…` : plain;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
