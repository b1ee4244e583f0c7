import { expect, test } from 'vitest';
import { Lingering } from '#engine/store/lingering.ts';

/** Resources that tell when they come and go. */
function resources(lingerMs: number) {
  const log: string[] = [];
  const lingering = new Lingering<{ readonly key: string } & AsyncDisposable>(lingerMs);
  const open = (key: string) => async () => {
    log.push(`open ${key}`);
    return { key, [Symbol.asyncDispose]: async () => void log.push(`close ${key}`) };
  };
  return { log, lingering, use: (key: string) => lingering.use(key, open(key), async (one) => one.key) };
}

test('a resource is opened once for all who come soon, and closed when nobody has come for a while', async () => {
  const { log, use } = resources(30);
  expect(await Promise.all([use('a'), use('a')])).toEqual(['a', 'a']);
  expect(await use('a')).toBe('a');
  expect(log).toEqual(['open a']);
  await expect.poll(() => log).toEqual(['open a', 'close a']);
  await use('a');
  expect(log.at(-1)).toBe('open a');
});

test('another one takes its place, but not before those who work with it have finished', async () => {
  const { log, lingering, use } = resources(10_000);
  const work = Promise.withResolvers<string>();
  const open = async () => ({ key: 'a', [Symbol.asyncDispose]: async () => void log.push('close a') });
  const working = lingering.use('a', open, () => work.promise);
  expect(await use('b')).toBe('b');
  expect(log).toEqual(['open b']);
  work.resolve('done');
  expect(await working).toBe('done');
  await expect.poll(() => log).toEqual(['open b', 'close a']);
  await use('c');
  await expect.poll(() => log).toEqual(['open b', 'close a', 'open c', 'close b']);
});

test('what cannot be opened is tried anew, and what fails at work stays open', async () => {
  const { log, lingering, use } = resources(10_000);
  await expect(
    lingering.use(
      'a',
      () => Promise.reject(new Error('closed')),
      async () => {},
    ),
  ).rejects.toThrow('closed');
  expect(await use('a')).toBe('a');
  await expect(
    lingering.use(
      'a',
      () => Promise.reject(new Error('again')),
      () => Promise.reject(new Error('work')),
    ),
  ).rejects.toThrow('work');
  expect(await use('a')).toBe('a');
  expect(log).toEqual(['open a']);
});

test('everything is closed in the end', async () => {
  const { log, lingering, use } = resources(10_000);
  await use('a');
  await lingering[Symbol.asyncDispose]();
  expect(log).toEqual(['open a', 'close a']);
});
