import type { ParameterSet } from './parameter-set.ts';

/** What PyTorch adds to the norm before it divides by it. */
const EPSILON = 1e-6;

/**
 * Shortens `gradients`, all tensors taken as one vector, to the length `most`, in place (Pascanu et al. 2013, as in
 * `torch.nn.utils.clip_grad_norm_`).
 *
 * @returns The length before; it is not a finite number when any gradient is not, which is then left as it is.
 */
export function clipByGlobalNorm(gradients: ParameterSet, most: number): number {
  const { numbers } = gradients;
  const norm = globalNorm(gradients);
  const factor = most / (norm + EPSILON);
  if (factor < 1) for (let i = 0; i < numbers.length; i++) numbers[i] = (numbers[i] ?? 0) * factor;
  return norm;
}

/** The Euclidean length of all tensors taken as one vector. */
export function globalNorm({ numbers }: ParameterSet): number {
  let squares = 0;
  for (let i = 0; i < numbers.length; i++) squares += (numbers[i] ?? 0) ** 2;
  return Math.sqrt(squares);
}
