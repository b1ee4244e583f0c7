import { AdamW, type AdamWSettings } from './adamw.ts';
import type { Optimizer, Update } from './optimizer.ts';
import type { Matrix, Orthogonalizer } from './orthogonalizer.ts';
import type { ParameterSet } from './parameter-set.ts';

/** Muon's, and of AdamW for all parameters that are no matrices of a block. */
export interface MuonSettings extends Omit<AdamWSettings, 'kind'> {
  readonly kind: 'muon';
  /** 0.95 as published. */
  readonly momentum: number;
}

/** A step's root mean square, over the learning rate: AdamW's, so that one rate serves both (Liu et al. 2025). */
const ROOT_MEAN_SQUARE = 0.2;

/**
 * Muon (Jordan et al. 2024) with the scale and the weight decay of Liu et al. 2025: a matrix moves along its momentum with
 * all singular values made the same, so that what is rarely seen is learnt as fast as what is common.
 *
 *     v ← momentum·v + g
 *     θ ← θ·(1 − lr·decay) − lr·0.2·√(larger side)·orthogonal(g + momentum·v)
 *
 * Queries, keys and values are three matrices, though they are kept as one. Embeddings, biases, norms, head and interpreter
 * are AdamW's.
 */
export class Muon implements Optimizer {
  readonly memory: ReadonlyMap<string, ParameterSet>;
  readonly #settings: MuonSettings;
  readonly #orthogonalizer: Orthogonalizer;
  readonly #velocity: ParameterSet;
  readonly #others: AdamW;

  constructor(settings: MuonSettings, parameters: ParameterSet, orthogonalizer: Orthogonalizer) {
    this.#settings = settings;
    this.#orthogonalizer = orthogonalizer;
    this.#velocity = parameters.only(isMatrixOfBlock).zeros();
    this.#others = new AdamW(
      settings,
      parameters.only((name) => !isMatrixOfBlock(name)),
    );
    this.memory = new Map([['velocity', this.#velocity], ...this.#others.memory]);
  }

  async update(update: Update): Promise<void> {
    this.#others.update(update);
    const { parameters, learningRate } = update;
    const matrices = this.#momenta(update.gradients);
    const directions = await this.#orthogonalizer.orthogonalize(matrices);
    const shrink = 1 - learningRate * this.#settings.weightDecay;
    for (const [i, { name, start, rows, columns }] of matrices.entries()) {
      const size = learningRate * ROOT_MEAN_SQUARE * Math.sqrt(Math.max(rows, columns));
      const values = parameters.get(name).subarray(start, start + rows * columns);
      const direction = directions[i];
      for (let j = 0; j < values.length; j++) values[j] = (values[j] ?? 0) * shrink - size * (direction?.[j] ?? 0);
    }
  }

  /** Brings the velocities up to date; where each matrix wants to go, and what it is of its parameter. */
  #momenta(gradients: ParameterSet): readonly (Matrix & { readonly name: string; readonly start: number })[] {
    const { momentum } = this.#settings;
    return [...this.#velocity.tensors].flatMap(([name, velocity]) => {
      const gradient = gradients.get(name);
      const ahead = new Float32Array(velocity.length);
      for (let i = 0; i < velocity.length; i++) {
        const g = gradient[i] ?? 0;
        const v = Math.fround(momentum * (velocity[i] ?? 0) + g);
        velocity[i] = v;
        ahead[i] = g + momentum * v;
      }
      const [allRows = 0, columns = 0] = this.#velocity.shapes.get(name) ?? [];
      const parts = name.includes('.qkv.') ? 3 : 1;
      const rows = allRows / parts;
      return Array.from({ length: parts }, (_, part) => {
        const start = part * rows * columns;
        return { name, start, rows, columns, numbers: ahead.subarray(start, start + rows * columns) };
      });
    });
  }
}

function isMatrixOfBlock(name: string): boolean {
  return name.startsWith('blocks.') && name.endsWith('.weight') && !/norm\d*\.weight$/.test(name);
}
