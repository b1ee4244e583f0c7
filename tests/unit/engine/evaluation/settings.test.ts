import { describe, expect, test } from 'vitest';
import { resolveEvaluation } from '#engine/evaluation/settings.ts';
import { tinyBundle } from '../../../fixtures/analysis.ts';

const { manifest } = await tinyBundle();

describe('the settings of an evaluation', () => {
  test("are three views with the model's interpreter where nothing is said", () => {
    const rule = { kind: 'threshold', threshold: 0.5 };
    expect(resolveEvaluation(manifest, {})).toEqual({ views: 3, selectors: [{ name: 'interpreter', rule }] });
  });

  test('are every combination of what is swept, the last sweep going fastest', () => {
    const { selectors } = resolveEvaluation(manifest, {
      sweeps: [
        { parameter: 'selector', values: ['interpreter', 'random'] },
        { parameter: 'keep', values: [1, 0.5] },
      ],
    });
    expect(selectors.map((selector) => [selector.name, selector.name === 'full' ? null : selector.rule])).toEqual([
      ['interpreter', { kind: 'keep', ratio: 1 }],
      ['interpreter', { kind: 'keep', ratio: 0.5 }],
      ['random', { kind: 'keep', ratio: 1 }],
      ['random', { kind: 'keep', ratio: 0.5 }],
    ]);
  });

  test('name once what comes to the same', () => {
    const { selectors } = resolveEvaluation(manifest, {
      sweeps: [
        { parameter: 'selector', values: ['full', 'interpreter', 'random'] },
        { parameter: 'seed', values: [1, 2] },
      ],
    });
    expect(selectors.map(({ name }) => name)).toEqual(['full', 'interpreter', 'random', 'random']);
  });

  test('are refused where they contradict each other', () => {
    const threshold = { parameter: 'threshold', values: [0.5] } as const;
    const keep = { parameter: 'keep', values: [0.5] } as const;
    for (const request of [
      { sweeps: [threshold, keep] },
      { sweeps: [keep], selector: { threshold: 0.5 } },
      { sweeps: [keep, keep] },
    ]) {
      expect(() => resolveEvaluation(manifest, request)).toThrow(expect.objectContaining({ code: 'usage' }));
    }
  });

  test('are refused where the model has no interpreter', () => {
    const request = { sweeps: [{ parameter: 'selector', values: ['full', 'interpreter'] }] } as const;
    expect(() => resolveEvaluation({ ...manifest, selection: null }, request)).toThrow(
      expect.objectContaining({ code: 'selector-unavailable' }),
    );
  });
});
