import { Graph } from '../onnx/graph.ts';
import { serializeGraph } from '../onnx/serialize.ts';
import type { InferenceRuntime } from '../runtime/inference-runtime.ts';
import { orthogonalized } from './orthogonalization.ts';

/** A matrix in row-major order. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly numbers: Float32Array;
}

/** Orthogonalises matrices on the device that trains: all of one shape in one product. */
export class Orthogonalizer {
  readonly #runtime: InferenceRuntime;

  constructor(runtime: InferenceRuntime) {
    this.#runtime = runtime;
  }

  /**
   * The matrices of {@link orthogonalized}, in the same order, row-major like what they are made of.
   *
   * @throws as running a session does.
   */
  async orthogonalize(matrices: readonly Matrix[], signal?: AbortSignal): Promise<Float32Array[]> {
    const results: Float32Array[] = matrices.map(() => new Float32Array());
    for (const members of byShape(matrices).values()) {
      const { rows, columns } = lying(members[0]?.matrix);
      const size = rows * columns;
      const stack = new Float32Array(members.length * size);
      for (const [i, { matrix }] of members.entries()) stack.set(inLying(matrix), i * size);
      const near = await this.#run(members.length, rows, columns, stack, signal);
      for (const [i, { matrix, at }] of members.entries()) {
        const part = near.subarray(i * size, (i + 1) * size);
        results[at] = matrix.rows > matrix.columns ? transposed(part, rows, columns) : part;
      }
    }
    return results;
  }

  async #run(count: number, rows: number, columns: number, data: Float32Array, signal?: AbortSignal) {
    const dims = [count, rows, columns];
    const build = () => {
      const graph = new Graph('orthogonalize');
      graph.output('near', orthogonalized(graph, graph.input('x', 'float32', dims)));
      return { bytes: serializeGraph(graph), files: [] };
    };
    const session = await this.#runtime.open(`training/orthogonalize/${dims.join('×')}`, build, signal);
    const { near } = await session.run({ x: { dtype: 'float32', dims, data } }, signal);
    return near?.data as Float32Array;
  }
}

/** Fewer rows than columns: the smaller square of the two is the one to be formed. */
function lying({ rows, columns }: Pick<Matrix, 'rows' | 'columns'> = { rows: 0, columns: 0 }) {
  return rows > columns ? { rows: columns, columns: rows } : { rows, columns };
}

function inLying({ rows, columns, numbers }: Matrix): Float32Array {
  return rows > columns ? transposed(numbers, rows, columns) : numbers;
}

function byShape(matrices: readonly Matrix[]) {
  const groups = new Map<string, { readonly matrix: Matrix; readonly at: number }[]>();
  for (const [at, matrix] of matrices.entries()) {
    const { rows, columns } = lying(matrix);
    const key = `${rows}×${columns}`;
    groups.set(key, [...(groups.get(key) ?? []), { matrix, at }]);
  }
  return groups;
}

/** `[rows, columns] → [columns, rows]`. */
function transposed(numbers: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(numbers.length);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) turned[column * rows + row] = numbers[i] ?? 0;
  }
  return turned;
}
