import { GraphError } from '#contract/errors.ts';

/**
 * One dimension of a shape: a polynomial with integer coefficients over named, not yet known sizes.
 *
 * `1 + kept` or `batch·1569` are dimensions. Two dimensions are equal when they are the same polynomial, so shapes
 * that only happen to agree for one input are told apart while the graph is built.
 */
export class Dim {
  /** Coefficient by monomial; a monomial is its sorted symbols joined by `·`, the empty one is the constant. */
  readonly #terms: ReadonlyMap<string, number>;

  private constructor(terms: Iterable<readonly [string, number]>) {
    this.#terms = new Map(
      [...terms].filter(([, coefficient]) => coefficient !== 0).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  /** A known size, or a named one. */
  static of(size: DimLike): Dim {
    if (size instanceof Dim) return size;
    if (typeof size === 'string') {
      if (!/^[A-Za-z_]\w*$/.test(size)) throw new GraphError(`"${size}" is no name for a dimension.`);
      return new Dim([[size, 1]]);
    }
    if (!Number.isSafeInteger(size) || size < 0) throw new GraphError(`A dimension cannot be ${size}.`);
    return new Dim([['', size]]);
  }

  /** The size, when it is known; otherwise undefined. */
  get constant(): number | undefined {
    if (this.#terms.size === 0) return 0;
    return this.#terms.size === 1 ? this.#terms.get('') : undefined;
  }

  /** The terms of the polynomial: each a coefficient and the symbols it multiplies (with repetition). */
  get terms(): readonly { readonly coefficient: number; readonly symbols: readonly string[] }[] {
    return [...this.#terms].map(([key, coefficient]) => ({ coefficient, symbols: key === '' ? [] : key.split('·') }));
  }

  plus(other: DimLike): Dim {
    const sum = new Map(this.#terms);
    for (const [key, coefficient] of Dim.of(other).#terms) sum.set(key, (sum.get(key) ?? 0) + coefficient);
    return new Dim(sum);
  }

  minus(other: DimLike): Dim {
    const difference = new Map(this.#terms);
    for (const [key, coefficient] of Dim.of(other).#terms)
      difference.set(key, (difference.get(key) ?? 0) - coefficient);
    return new Dim(difference);
  }

  times(other: DimLike): Dim {
    const product = new Map<string, number>();
    for (const [keyA, a] of this.#terms) {
      for (const [keyB, b] of Dim.of(other).#terms) {
        const key = [...symbolsOf(keyA), ...symbolsOf(keyB)].sort().join('·');
        product.set(key, (product.get(key) ?? 0) + a * b);
      }
    }
    return new Dim(product);
  }

  /** The exact quotient, or undefined when there is none among polynomials with integer coefficients. */
  dividedBy(other: DimLike): Dim | undefined {
    const divisor = Dim.of(other);
    if (divisor.#terms.size === 0) return undefined;
    if (this.equals(divisor)) return Dim.of(1);
    // Only a divisor of one term is ever needed to split an axis.
    if (divisor.#terms.size !== 1) return undefined;
    const [[divisorKey, divisorCoefficient]] = [...divisor.#terms] as [[string, number]];
    const quotient: [string, number][] = [];
    for (const [key, coefficient] of this.#terms) {
      const rest = symbolsOf(key);
      for (const symbol of symbolsOf(divisorKey)) {
        const at = rest.indexOf(symbol);
        if (at < 0) return undefined;
        rest.splice(at, 1);
      }
      if (coefficient % divisorCoefficient !== 0) return undefined;
      quotient.push([rest.join('·'), coefficient / divisorCoefficient]);
    }
    return new Dim(quotient);
  }

  equals(other: DimLike): boolean {
    const that = Dim.of(other).#terms;
    return this.#terms.size === that.size && [...this.#terms].every(([key, value]) => that.get(key) === value);
  }

  toString(): string {
    if (this.#terms.size === 0) return '0';
    return [...this.#terms]
      .map(([key, coefficient]) => (key === '' ? `${coefficient}` : coefficient === 1 ? key : `${coefficient}·${key}`))
      .join(' + ');
  }
}

/** A size: known (`8`), named (`'kept'`), or computed. */
export type DimLike = Dim | number | string;

export type Shape = readonly Dim[];

export function shapeOf(sizes: readonly DimLike[]): Shape {
  return sizes.map((size) => Dim.of(size));
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim.equals(b[i] as Dim));
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The number of elements. */
export function elements(shape: Shape): Dim {
  return shape.reduce((product, dim) => product.times(dim), Dim.of(1));
}

function symbolsOf(key: string): string[] {
  return key === '' ? [] : key.split('·');
}
