import { GraphError } from '#contract/errors.ts';
import { formatShape } from '../dim.ts';
import type { DType } from '../dtype.ts';
import type { Value } from '../graph.ts';
import { binary, broadcast } from './arithmetic.ts';
import { one, requireOneType } from './shapes.ts';

/** Element by element: questions with a yes or no, and choices by the answer. */

/** Whether `a = b`, broadcast. */
export const equal = <D extends DType>(a: Value<D>, b: Value<D>): Value<'bool'> => binary('Equal', a, b, 'bool');

/** Whether `a > b`, broadcast. */
export const greater = <D extends DType>(a: Value<D>, b: Value<D>): Value<'bool'> => binary('Greater', a, b, 'bool');

/** `yes` where `condition` holds, `no` elsewhere; all three broadcast. */
export function where<D extends DType>(condition: Value<'bool'>, yes: Value<D>, no: Value<D>): Value<D> {
  requireOneType('Where', [yes, no]);
  const either = broadcast(yes.shape, no.shape);
  const shape = either && broadcast(condition.shape, either);
  if (shape === undefined) {
    const shapes = [condition, yes, no].map((value) => formatShape(value.shape)).join(', ');
    throw new GraphError(`Where: shapes ${shapes} do not fit together.`);
  }
  return one(yes.graph.add('Where', [condition, yes, no], [{ dtype: yes.dtype, shape }]));
}
