import { element } from './svg.ts';

/** Shapes that tell series apart where colours do not. */
export type MarkShape = 'circle' | 'square' | 'diamond' | 'triangle';

/** A mark with its centre at `x`, `y`. */
export function mark(shape: MarkShape, x: number, y: number, colour: string, size = 4.5): string {
  const style = { fill: colour, stroke: '#ffffff', 'stroke-width': 1 };
  const along = (...points: readonly (readonly [number, number])[]) =>
    element('path', { d: `M${points.map(([dx, dy]) => `${round(x + dx)} ${round(y + dy)}`).join('L')}Z`, ...style });
  switch (shape) {
    case 'circle':
      return element('circle', { cx: x, cy: y, r: size, ...style });
    case 'square':
      return element('rect', {
        x: x - size + 0.5,
        y: y - size + 0.5,
        width: 2 * size - 1,
        height: 2 * size - 1,
        ...style,
      });
    case 'diamond':
      return along([0, -size - 1], [size + 1, 0], [0, size + 1], [-size - 1, 0]);
    case 'triangle':
      return along([0, -size - 1], [size + 0.5, size - 1], [-size - 0.5, size - 1]);
  }
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
