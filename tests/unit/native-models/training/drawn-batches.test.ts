import { describe, expect, it } from 'vitest';
import { motionClip } from '#native-models/motions/motion-clip.ts';
import { DrawnBatches, type DrawnBatchesOptions } from '#native-models/training/drawn-batches.ts';
import { EpochOrder } from '#native-models/training/epoch-order.ts';

const OPTIONS: DrawnBatchesOptions = {
  data: 'motions',
  split: 'train',
  samples: 50,
  batchSize: 3,
  frames: 2,
  size: 32,
  patchSize: 8,
  preprocessing: { mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3] },
  seed: 3,
};

async function drawn(options: Partial<DrawnBatchesOptions>, indices: readonly number[]) {
  await using batches = new DrawnBatches({ ...OPTIONS, ...options });
  const all = [];
  for (const index of indices) all.push(await batches.batch(index));
  return all;
}

describe('batches of drawn clips', () => {
  it('are the same with one thread and with two', async () => {
    const indices = [0, 1, 2, 3, 4];
    expect(await drawn({ workers: 2 }, indices)).toEqual(await drawn({ workers: 1 }, indices));
  });

  it('are the same for a run that begins in the middle', async () => {
    const [, , , third, fourth] = await drawn({}, [0, 1, 2, 3, 4]);
    expect(await drawn({ ahead: 0 }, [3, 4, 3])).toEqual([third, fourth, third]);
  });

  it('hold the clips of the data set, normalised channel by channel, with their labels', async () => {
    const [, batch] = await drawn({}, [0, 1]);
    const [first = 0] = new EpochOrder(OPTIONS.samples, OPTIONS.seed).batch(1, OPTIONS.batchSize);
    const { pixels, label } = motionClip('train', first, { frames: 2, size: 32 });
    const plane = 2 * 32 * 32;
    const { mean, std } = OPTIONS.preprocessing;
    for (const [channel, at] of [0, 100, plane - 1].entries()) {
      const value = (pixels[at * 3 + channel]! / 255 - mean[channel]!) / std[channel]!;
      expect(batch!.clips[channel * plane + at]).toBeCloseTo(value, 6);
    }
    expect(batch!.clips).toHaveLength(3 * 3 * plane);
    expect(batch!.labels[0]).toBe(label);
  });

  it('say how much of each patch the figure covers', async () => {
    const [batch] = await drawn({}, [0]);
    const [first = 0] = new EpochOrder(OPTIONS.samples, OPTIONS.seed).batch(0, OPTIONS.batchSize);
    const { mask } = motionClip('train', first, { frames: 2, size: 32 });
    const covered = mask.reduce((sum, pixel) => sum + pixel, 0);
    const shares = batch!.foreground.subarray(0, 32);
    expect(batch!.foreground).toHaveLength(3 * 32);
    expect(covered).toBeGreaterThan(0);
    expect(shares.reduce((sum, share) => sum + share * 64, 0)).toBeCloseTo(covered, 3);
  });

  it('come in another order with another seed', async () => {
    const [one, other] = [await drawn({}, [0]), await drawn({ seed: 4 }, [0])];
    expect(one[0]!.clips).not.toEqual(other[0]!.clips);
  });

  it('report what drawing threw', async () => {
    await using batches = new DrawnBatches({ ...OPTIONS, size: 8 });
    await expect(batches.batch(0)).rejects.toThrow(RangeError);
    await expect(batches.batch(1)).rejects.toThrow('16 pixels');
  });

  it('stop waiting when they are cancelled, and go on afterwards', async () => {
    await using batches = new DrawnBatches(OPTIONS);
    const waiting = batches.batch(0, AbortSignal.abort(new Error('enough')));
    await expect(waiting).rejects.toThrow('enough');
    const cancel = new AbortController();
    const later = batches.batch(0, cancel.signal);
    cancel.abort(new Error('enough now'));
    await expect(later).rejects.toThrow('enough now');
    expect(await batches.batch(0)).toEqual((await drawn({}, [0]))[0]);
  });

  it('refuse what is still awaited when they are closed', async () => {
    const batches = new DrawnBatches(OPTIONS);
    const waiting = expect(batches.batch(0)).rejects.toThrow('closed');
    await batches[Symbol.asyncDispose]();
    await waiting;
    await expect(batches.batch(1)).rejects.toThrow('closed');
  });
});
