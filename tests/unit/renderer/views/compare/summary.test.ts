import { describe, expect, test } from 'vitest';
import type { ClipAtHand } from '../../../../../renderer/src/state/analysis.svelte.ts';
import { comparedClips } from '../../../../../renderer/src/views/compare/compared-clip.ts';
import { pointsText } from '../../../../../renderer/src/views/compare/points-text.ts';
import {
  changesOf,
  confusionsOf,
  disagreementBeside,
  summaryOf,
} from '../../../../../renderer/src/views/compare/summary.ts';

const LABELS = ['walk', 'jump', 'wave'];
const CROPS = ['left', 'center', 'right'] as const;

function topOf(probabilities: readonly number[]) {
  return probabilities
    .map((probability, index) => ({ index, label: LABELS[index] ?? '', probability }))
    .sort((a, b) => b.probability - a.probability);
}

/** A clip as the engine tells it, from the answers of its crops: left, centre, right, or the centre alone. */
function clipOf(index: number, ...answers: readonly (readonly number[])[]): ClipAtHand {
  const crops = answers.length === 1 ? (['center'] as const) : CROPS;
  const centre = answers[crops.indexOf('center')]!;
  const mean = LABELS.map((_, i) => answers.reduce((sum, answer) => sum + answer[i]!, 0) / answers.length);
  const agrees = topOf(mean)[0]!.index === topOf(centre)[0]!.index;
  return {
    scores: {},
    probabilities: Float32Array.from(answers.flat()),
    result: {
      ...{ index, startSeconds: 2 * index, endSeconds: 2 * index + 2, frameIndices: [], frameSeconds: [] },
      views: answers.map((answer, i) => ({
        ...{
          crop: crops[i]!,
          origin: [0, 0],
          keptTokens: 10,
          totalTokens: 40,
          gmacs: 0.5 * (i + 1),
          top: topOf(answer),
        },
      })),
      oneClip: { top: topOf(centre) },
      ...(answers.length === 1 ? {} : { threeClip: { top: topOf(mean), agrees } }),
    },
  };
}

const walking = [0.8, 0.1, 0.1];
const jumping = [0.1, 0.8, 0.1];
const waving = [0.2, 0.2, 0.6];

const clips = comparedClips([
  clipOf(0, walking, walking, walking),
  clipOf(1, jumping, walking, jumping),
  undefined,
  clipOf(3, jumping, waving, jumping),
  clipOf(4, jumping, walking, jumping),
]);

describe('what can be compared', () => {
  test('is every clip with the answers of three crops', () => {
    expect(clips.map(({ index }) => index)).toEqual([0, 1, 3, 4]);
    expect(clips.map(({ agrees }) => agrees)).toEqual([true, false, false, false]);
    expect([...clips[1]!.one]).toEqual([...Float32Array.from(walking)]);
    expect(clips[1]!.three[1]).toBeCloseTo((0.8 + 0.1 + 0.8) / 3, 6);
    expect([clips[0]!.gmacsOne, clips[0]!.gmacsThree]).toEqual([1, 3]);
  });

  test('is none of which one crop was run, or only scores are there', () => {
    expect(comparedClips([clipOf(0, walking)])).toEqual([]);
    expect(comparedClips([{ scores: {}, result: null, probabilities: null }, undefined])).toEqual([]);
  });
});

describe('over a video', () => {
  test('agreement is the share of clips with the same winner', () => {
    expect(summaryOf(clips)).toMatchObject({ clips: 4, agreeing: 1, agreement: 0.25 });
  });

  test('the cost is that of the crops that were run', () => {
    expect(summaryOf(clips)).toMatchObject({ gmacsOne: 1, gmacsThree: 3, costRatio: 3 });
  });

  test('the winner of one clip changes by what its probability is on average over the crops', () => {
    const [walk, wave] = [(0.1 + 0.8 + 0.1) / 3 - 0.8, (0.1 + 0.6 + 0.1) / 3 - 0.6];
    expect(summaryOf(clips)!.changeOfWinner).toBeCloseTo((0 + walk + wave + walk) / 4, 6);
  });

  test('there is nothing to say without clips', () => {
    expect(summaryOf([])).toBeNull();
    expect(confusionsOf([])).toEqual([]);
  });

  test('what became what is counted, the most frequent first', () => {
    expect(confusionsOf(clips).map(({ one, three, clips }) => [one.label, three.label, clips])).toEqual([
      ['walk', 'jump', [1, 4]],
      ['wave', 'jump', [3]],
    ]);
  });
});

test('a change is shown of the best classes of either answer', () => {
  const changes = changesOf(clips[1]!, 1);
  expect(changes.map(({ classIndex }) => classIndex)).toEqual([0, 1]);
  expect(changes[0]!.three - changes[0]!.one).toBeCloseTo((0.1 + 0.8 + 0.1) / 3 - 0.8, 6);
});

test('disagreements are found before and after a clip', () => {
  expect(disagreementBeside(clips, 0, 1)?.index).toBe(1);
  expect(disagreementBeside(clips, 1, 1)?.index).toBe(3);
  expect(disagreementBeside(clips, 4, 1)).toBeNull();
  expect(disagreementBeside(clips, 4, -1)?.index).toBe(3);
  expect(disagreementBeside(clips, 1, -1)).toBeNull();
});

test.each([
  [0.041, '+4.1'],
  [-0.12, '−12.0'],
  [0.0004, '0.0'],
  [-0.0004, '0.0'],
])('a change of %d is %s points', (change, text) => {
  expect(pointsText(change)).toBe(text);
});
