import { describe, expect, test } from 'vitest';
import { metricsOf } from '#engine/evaluation/metrics.ts';
import { Results } from '#engine/evaluation/results.ts';

const video = (index: number, label: number) => ({ index, label, path: `/v/${index}.mp4`, name: `${index}.mp4` });
const judgement = (clip1: number, video1: number | null, keptTokens = 30, gmacs = 3, inferenceMs = 20) => ({
  clip1,
  video1,
  keptTokens,
  gmacs,
  inferenceMs,
});
const failure = (path: string) => ({ path, error: { code: 'video-undecodable', message: 'Broken.' } });

describe('figures of a setting', () => {
  test('are shares of videos and means over views', () => {
    const judged = [
      { label: 0, judgement: judgement(0, 1, 60, 3, 100) },
      { label: 1, judgement: judgement(0, 1, 30, 1.5, 50) },
      { label: 2, judgement: judgement(0, 2, 15, 0.75, 30) },
      { label: 0, judgement: judgement(0, 0, 15, 0.75, 20) },
    ];
    // 4 videos of 3 views of 10 tokens: 120 of 120 kept; 6 GMACs over 12 views; 12 views in 200 ms.
    expect(metricsOf(judged, { views: 3, tokens: 10, gmacsFull: 0.9 })).toEqual({
      clip1Error: 0.5,
      video1Error: 0.25,
      keepRatio: 1,
      gmacsPerView: 0.5,
      gmacsFullPerView: 0.9,
      viewsPerSecond: 60,
    });
  });

  test('know nothing of three clips where one was judged', () => {
    const metrics = metricsOf([{ label: 0, judgement: judgement(1, null, 4) }], { views: 1, tokens: 8, gmacsFull: 5 });
    expect(metrics).not.toHaveProperty('video1Error');
    expect(metrics).toMatchObject({ clip1Error: 1, keepRatio: 0.5 });
  });
});

describe('results', () => {
  const videos = [video(0, 5), video(3, 6), video(7, 7)];
  const facts = { views: 1, tokens: 10, gmacsFull: 1 } as const;

  test('count failures apart from errors, and list them in the order of the data set', () => {
    const results = new Results(videos);
    expect(results.clip1Error).toBeNull();
    results.add({ video: 7, failure: failure('/v/7.mp4') });
    expect(results.clip1Error).toBeNull();
    results.add({ video: 3, judgements: [judgement(6, null)] });
    results.add({ video: 0, failure: failure('/v/0.mp4') });
    expect(results.done).toBe(3);
    expect(results.clip1Error).toBe(0);
    expect(results.metrics(0, facts).clip1Error).toBe(0);
    expect(results.failures.map(({ path }) => path)).toEqual(['/v/0.mp4', '/v/7.mp4']);
  });

  test('are the same in whatever order they come', () => {
    const outcomes = [0.1, 0.2, 0.7].map((gmacs, i) => ({
      video: videos[i]!.index,
      judgements: [judgement(5, null, 3, gmacs, gmacs)],
    }));
    const forwards = new Results(videos, outcomes);
    const backwards = new Results(videos, [...outcomes].reverse());
    expect(backwards.metrics(0, facts)).toEqual(forwards.metrics(0, facts));
  });

  test('are none when every video failed, which is said with the first reason', () => {
    const results = new Results(videos.slice(0, 2), [
      { video: 0, failure: failure('/v/0.mp4') },
      { video: 3, failure: failure('/v/3.mp4') },
    ]);
    expect(() => results.metrics(0, facts)).toThrow('Not one of 2 videos could be judged. Broken.');
  });
});
