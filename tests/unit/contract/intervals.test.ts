import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  actionIntervals,
  type ClassifiedClip,
  DEFAULT_INTERVAL_RULE,
  intervalRuleSchema,
  ownSpans,
  probabilitiesOf,
} from '#contract/intervals.ts';
import type { Smoothing } from '#contract/smoothing.ts';

const CLASSES = 4;
const plain: Smoothing = { kind: 'none', clips: 3 };

/** Clips of 2 s, every `stride` seconds, in which the given class has the given probability and the others share the rest. */
function clipsOf(
  answers: readonly (readonly [classIndex: number, probability: number])[],
  stride = 2,
): ClassifiedClip[] {
  return answers.map(([classIndex, probability], index) => ({
    index,
    startSeconds: index * stride,
    endSeconds: index * stride + 2,
    probabilities: new Float32Array(CLASSES).fill((1 - probability) / (CLASSES - 1)).with(classIndex, probability),
  }));
}

const spansOf = (clips: readonly ClassifiedClip[], minimumProbability = 0, smoothing = plain) =>
  actionIntervals(clips, { smoothing, minimumProbability }).map(({ classIndex, startSeconds, endSeconds }) => [
    classIndex,
    startSeconds,
    endSeconds,
  ]);

test('the rule that is used where nobody chose one is a valid rule', () => {
  expect(intervalRuleSchema.parse(DEFAULT_INTERVAL_RULE)).toEqual(DEFAULT_INTERVAL_RULE);
});

describe('clips that follow one another', () => {
  test('with the same winner are one interval, which has their mean probability', () => {
    const [walk, jump] = actionIntervals(
      clipsOf([
        [0, 0.5],
        [0, 0.9],
        [0, 0.7],
        [1, 0.6],
      ]),
      {
        smoothing: plain,
        minimumProbability: 0,
      },
    );
    expect(walk).toMatchObject({ classIndex: 0, startSeconds: 0, endSeconds: 6, firstClip: 0, lastClip: 2 });
    expect(walk!.probability).toBeCloseTo(0.7, 6);
    expect(jump).toMatchObject({ classIndex: 1, startSeconds: 6, endSeconds: 8, firstClip: 3, lastClip: 3 });
  });

  test('leave a gap where the winner is not probable enough, even between two of the same action', () => {
    expect(
      spansOf(
        clipsOf([
          [0, 0.8],
          [0, 0.4],
          [0, 0.8],
        ]),
        0.5,
      ),
    ).toEqual([
      [0, 0, 2],
      [0, 4, 6],
    ]);
  });

  test('touch although their times are rounded', () => {
    const length = 64 / 30;
    const clips = clipsOf([
      [2, 0.8],
      [2, 0.8],
      [2, 0.8],
    ]).map((clip, i) => ({
      ...clip,
      startSeconds: i * 2.1333333,
      endSeconds: i * 2.1333333 + length,
    }));
    expect(spansOf(clips)).toHaveLength(1);
  });
});

describe('clips that overlap', () => {
  test('change in the middle of the overlap', () => {
    expect(
      spansOf(
        clipsOf(
          [
            [0, 0.9],
            [1, 0.9],
            [1, 0.9],
            [2, 0.9],
          ],
          1,
        ),
      ),
    ).toEqual([
      [0, 0, 1.5],
      [1, 1.5, 3.5],
      [2, 3.5, 5],
    ]);
  });

  test('speak for their own middle when the stride is much shorter than a clip', () => {
    expect(
      ownSpans(
        clipsOf(
          [
            [0, 0.9],
            [1, 0.9],
            [2, 0.9],
          ],
          0.5,
        ),
      ).map((span) => [span.startSeconds, span.endSeconds]),
    ).toEqual([
      [0, 1.25],
      [1.25, 1.75],
      [1.75, 3],
    ]);
  });
});

test('clips that lie apart, or with others still to come between them, are not joined', () => {
  const [a, , c] = clipsOf([
    [0, 0.9],
    [0, 0.9],
    [0, 0.9],
  ]);
  expect(spansOf([a!, c!])).toEqual([
    [0, 0, 2],
    [0, 4, 6],
  ]);
  expect(
    spansOf(
      clipsOf(
        [
          [0, 0.9],
          [0, 0.9],
        ],
        5,
      ),
    ),
  ).toEqual([
    [0, 0, 2],
    [0, 5, 7],
  ]);
});

test('without clips there are no intervals', () => {
  expect(spansOf([])).toEqual([]);
});

describe('smoothing', () => {
  const flicker = clipsOf([
    [0, 0.8],
    [0, 0.8],
    [1, 0.7],
    [0, 0.8],
    [0, 0.8],
  ]);

  test('by the median takes out what lasts for one clip', () => {
    expect(spansOf(flicker)).toHaveLength(3);
    expect(spansOf(flicker, 0, { kind: 'median', clips: 3 })).toEqual([[0, 0, 10]]);
  });

  test('by the mean lets what is surer win over its neighbours', () => {
    expect(
      spansOf(
        clipsOf([
          [0, 0.4],
          [1, 0.95],
          [0, 0.4],
        ]),
        0,
        { kind: 'mean', clips: 3 },
      ),
    ).toEqual([
      [0, 0, 2],
      [1, 2, 4],
      [0, 4, 6],
    ]);
    expect(
      spansOf(
        clipsOf([
          [0, 0.9],
          [1, 0.5],
          [0, 0.9],
        ]),
        0,
        { kind: 'mean', clips: 3 },
      ),
    ).toEqual([[0, 0, 6]]);
  });

  test('over one clip changes nothing', () => {
    for (const kind of ['median', 'mean'] as const)
      expect(spansOf(flicker, 0, { kind, clips: 1 })).toEqual(spansOf(flicker));
  });

  test('by the median gives the class whose median is largest, as sorting all of them does', () => {
    const softmax = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: CLASSES, maxLength: CLASSES });
    fc.assert(
      fc.property(fc.array(softmax, { minLength: 5, maxLength: 12 }), (rows) => {
        const clips = rows.map((probabilities, index) => ({
          ...{ index, startSeconds: index * 2, endSeconds: index * 2 + 2 },
          probabilities: Float32Array.from(probabilities, (p) => p / 100),
        }));
        const won = clips.map((_, i) => {
          const reach = Math.min(1, i, clips.length - 1 - i);
          const medians = Array.from({ length: CLASSES }, (_, c) => {
            const values = clips.slice(i - reach, i + reach + 1).map((clip) => clip.probabilities[c]!);
            return values.sort((a, b) => a - b)[reach]!;
          });
          return medians.indexOf(Math.max(...medians));
        });
        const found = actionIntervals(clips, { smoothing: { kind: 'median', clips: 3 }, minimumProbability: 0 });
        const perClip = found.flatMap(({ classIndex, firstClip, lastClip }) =>
          new Array<number>(lastClip - firstClip + 1).fill(classIndex),
        );
        expect(perClip).toEqual(won);
      }),
    );
  });
});

test('intervals lie in order, never overlap, and cover every clip that is sure enough', () => {
  const answer = fc.tuple(fc.integer({ min: 0, max: CLASSES - 1 }), fc.double({ min: 0.3, max: 1, noNaN: true }));
  const stride = fc.double({ min: 0.1, max: 3, noNaN: true });
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 30 }), stride, (answers, strideSeconds) => {
      const clips = clipsOf(answers, strideSeconds);
      const intervals = actionIntervals(clips, { smoothing: plain, minimumProbability: 0.5 });
      for (const [i, { startSeconds, endSeconds }] of intervals.entries()) {
        expect(endSeconds).toBeGreaterThan(startSeconds);
        expect(startSeconds).toBeGreaterThanOrEqual((intervals[i - 1]?.endSeconds ?? 0) - 1e-9);
      }
      for (const [i, [classIndex, probability]] of answers.entries()) {
        const covering = intervals.filter(({ firstClip, lastClip }) => firstClip <= i && i <= lastClip);
        expect(covering.map((one) => one.classIndex)).toEqual(Math.fround(probability) >= 0.5 ? [classIndex] : []);
      }
    }),
  );
});

describe('what a clip goes by', () => {
  const views = (['left', 'center', 'right'] as const).map((crop) => ({
    ...{ crop, origin: [0, 0] as [number, number], keptTokens: 1, totalTokens: 1, gmacs: 1, top: [] },
  }));
  const probabilities = Float32Array.of(0.5, 0.5, 1, 0, 0.75, 0.25);

  test('one clip: the centre crop', () => {
    expect([...probabilitiesOf({ views }, probabilities, 'oneClip')]).toEqual([1, 0]);
  });

  test('three clips: the mean over the crops', () => {
    expect([...probabilitiesOf({ views }, probabilities, 'threeClip')]).toEqual([0.75, 0.25]);
  });

  test('where one crop was run, that one', () => {
    expect([...probabilitiesOf({ views: views.slice(1, 2) }, Float32Array.of(0.25, 0.75), 'threeClip')]).toEqual([
      0.25, 0.75,
    ]);
  });
});
