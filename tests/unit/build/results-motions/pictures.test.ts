import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barPanels } from '../../../../build/results/pictures/bar-panels.ts';
import { lineChart } from '../../../../build/results/pictures/line-chart.ts';
import { scaleOver } from '../../../../build/results/pictures/scale.ts';
import { deviationOf, meanOf } from '../../../../build/results/statistics.ts';
import { viewFrames } from '../../../../build/results-motions/tables/video.ts';

describe('a scale', () => {
  test('has round ticks from below the least to above the largest value', () => {
    const scale = scaleOver([0.061, 0.47], [0, 100]);
    expect(scale.ticks.map((tick) => Number(tick.toFixed(6)))).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect([scale.at(0), scale.at(0.25), scale.at(0.5)].map(Math.round)).toEqual([0, 50, 100]);
  });

  test('holds whatever is on it, with a few ticks', () => {
    const number = fc.integer({ min: -1e6, max: 1e6 }).map((thousandths) => thousandths / 1000);
    const numbers = fc.array(number, { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(numbers, (values) => {
        const scale = scaleOver(values, [0, 1]);
        const slack = 1e-6;
        for (const value of values) {
          expect(scale.at(value)).toBeGreaterThanOrEqual(-slack);
          expect(scale.at(value)).toBeLessThanOrEqual(1 + slack);
        }
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
        expect(scale.ticks.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  test('begins and ends where it is told to', () => {
    const { from, to, ticks } = scaleOver([0.2, 0.5], [0, 1], { from: 0, to: 0.6 });
    expect([from, to]).toEqual([0, 0.6]);
    expect(ticks.map((tick) => Number(tick.toFixed(6)))).toEqual([0, 0.2, 0.4, 0.6]);
  });
});

describe('a line chart', () => {
  const axis = { title: 'x', format: String, from: 0, to: 1 };
  const chart = {
    title: 'a < b & c',
    subtitle: 'under it',
    source: 'from here',
    description: '"said"',
    x: axis,
    y: axis,
    levels: [{ name: 'level', y: 0.5 }],
  };
  const style = { name: 'one', colour: '#000000', shape: 'circle', joined: true } as const;

  test('has a mark where each point is, and one in its legend', () => {
    const points = [0, 0.5, 1].map((x) => ({ x, y: x }));
    const svg = lineChart({ ...chart, series: [{ ...style, points }] });
    const centres = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(centres).toHaveLength(4);
    const [, first, middle, last] = centres as [number[], number[], number[], number[]];
    expect(middle).toEqual([(first[0]! + last[0]!) / 2, (first[1]! + last[1]!) / 2]);
    expect(first[1]).toBeGreaterThan(last[1]!);
  });

  test('lets no text become markup', () => {
    const svg = lineChart({ ...chart, series: [], levels: chart.levels });
    expect(svg).toContain('a &lt; b &amp; c');
    expect(svg).toContain('&quot;said&quot;');
    expect(svg).not.toContain('a < b');
  });

  test('leaves out labels that would lie on others', () => {
    const crowd = Array.from({ length: 12 }, (_, i) => ({ x: 0.5 + i / 1000, y: 0.5, label: `label${i}` }));
    const apart = [0.1, 0.9].map((x) => ({ x, y: 0.5, label: `apart${x}` }));
    const svg = lineChart({ ...chart, series: [{ ...style, points: [...crowd, ...apart] }] });
    expect(svg.match(/>label\d+</g)!.length).toBeLessThan(3);
    expect(svg.match(/>apart0\.\d</g)).toHaveLength(2);
  });
});

test('bars are as long as their values say', () => {
  const bars = [1, 2, 4].map((value) => ({ name: `n${value}`, value, colour: '#123456' }));
  const panel = { title: 't', hint: 'h', format: String, bars };
  const svg = barPanels({ title: 'T', subtitle: 'S', source: 'Q', description: 'D', columns: 1, panels: [panel] });
  const lengths = [...svg.matchAll(/width="([\d.]+)" height="[\d.]+" rx="2" fill="#123456"/g)].map(([, w]) =>
    Number(w),
  );
  expect(lengths[1]! / lengths[0]!).toBeCloseTo(2, 3);
  expect(lengths[2]! / lengths[0]!).toBeCloseTo(4, 3);
});

describe('statistics', () => {
  test('are those of the textbook', () => {
    expect(meanOf([1, 2, 6])).toBe(3);
    expect(deviationOf([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(deviationOf([3])).toBe(0);
  });
});

test.each([1, 4, 8, 16, 64])('views of %d frames lie in the scene, from its first to its last frame', (frames) => {
  const views = viewFrames(frames);
  expect(views).toHaveLength(4);
  for (const view of views) {
    expect(view).toHaveLength(frames);
    expect(Math.min(...view)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...view)).toBeLessThanOrEqual(63);
    expect([...view].sort((a, b) => a - b)).toEqual(view);
  }
  expect(views[1]![0]).toBe(0);
  expect(views[3]!.at(-1)).toBe(63);
});
