import { InvalidArgumentError, Option } from 'commander';
import type { Sweep } from '#engine/evaluation/settings.ts';
import { SELECTORS } from '#native-models/selection/selector.ts';
import { numberBetween, wholeNumber } from './options.ts';

/** `--sweep`, which may be given several times and then makes every combination. */
export const sweepOption = (): Option =>
  new Option('--sweep <parameter=a,b,…>', 'judge every value of threshold, keep, selector or seed; repeatable')
    .argParser((text, earlier: readonly Sweep[]) => [...earlier, parseSweep(text)])
    .default([], 'none');

/**
 * `threshold=0.45,0.5`, `keep=1,0.7`, `selector=interpreter,random`, `seed=1,2,3,4`.
 *
 * @throws InvalidArgumentError
 */
export function parseSweep(text: string): Sweep {
  const [parameter = '', list = '', ...rest] = text.split('=');
  const values = list.split(',').map((value) => value.trim());
  if (rest.length > 0 || values.includes('')) {
    throw new InvalidArgumentError('It must be a parameter and its values: --sweep keep=1,0.7,0.5');
  }
  const name = parameter.trim();
  switch (name) {
    case 'threshold':
      return { parameter: name, values: values.map(numberBetween(0, 1000)) };
    case 'keep':
      return { parameter: name, values: values.map(numberBetween(0, 1)) };
    case 'seed':
      return { parameter: name, values: values.map(wholeNumber(0)) };
    case 'selector':
      return { parameter: name, values: values.map(selectorName) };
    default:
      throw new InvalidArgumentError('What can be swept: threshold, keep, selector, seed.');
  }
}

function selectorName(text: string): (typeof SELECTORS)[number] {
  const found = SELECTORS.find((name) => name === text);
  if (found === undefined)
    throw new InvalidArgumentError(`There is no selector "${text}", only ${SELECTORS.join(', ')}.`);
  return found;
}
