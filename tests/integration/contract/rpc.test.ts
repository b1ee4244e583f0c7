import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { RemoteError } from '#contract/error-data.ts';
import { BundleNotFoundError, ConnectionLostError } from '#contract/errors.ts';
import { type Implementation, request, stream } from '#contract/rpc/api.ts';
import { connectApi } from '#contract/rpc/client.ts';
import { serveApi } from '#contract/rpc/server.ts';
import { messageChannel, type PortPair, webSocket } from '../../fixtures/rpc/connections.ts';

const api = {
  maps: {
    mirror: request(
      z.object({
        scores: z.instanceof(Float32Array),
        kept: z.instanceof(Uint32Array),
        bytes: z.instanceof(Uint8Array),
      }),
      z.object({
        scores: z.instanceof(Float32Array),
        kept: z.instanceof(Uint32Array),
        bytes: z.instanceof(Uint8Array),
      }),
    ),
  },
  work: {
    add: request(z.object({ a: z.number(), b: z.number() }), z.number()),
    nothing: request(z.void(), z.void()),
    fail: request(z.object({ how: z.enum(['known', 'bug']) }), z.void()),
    wrong: request(z.void(), z.number()),
    wait: request(z.void(), z.void()),
    count: stream(z.object({ to: z.number() }), z.object({ n: z.number(), scores: z.instanceof(Float32Array) })),
    breakAfter: stream(z.object({ items: z.number() }), z.number()),
    hang: stream(z.void(), z.number()),
  },
};

/** The answering side, and what happened on it. */
function worker() {
  const seen = { made: 0, ended: 0, aborted: 0 };
  const untilAborted = async (signal: AbortSignal) => {
    await once(signal, 'abort');
    seen.aborted += 1;
    throw signal.reason;
  };
  const implementation: Implementation<typeof api> = {
    maps: { mirror: (maps) => maps },
    work: {
      add: async ({ a, b }) => a + b,
      nothing: () => undefined,
      fail: ({ how }) => {
        if (how === 'bug') throw new TypeError('x is not a function');
        throw new BundleNotFoundError('There is no model called k400.', { hint: 'Import it.', detail: 'k400' });
      },
      // @ts-expect-error What the contract does not allow must not leave.
      wrong: () => 'three',
      wait: (_, { signal }) => untilAborted(signal),
      async *count({ to }) {
        try {
          for (let n = 0; n < to; n++) {
            seen.made += 1;
            yield { n, scores: new Float32Array([n, n / 3]) };
          }
        } finally {
          seen.ended += 1;
        }
      },
      async *breakAfter({ items }) {
        for (let n = 0; n < items; n++) yield n;
        throw new BundleNotFoundError('There is no model called k400.');
      },
      async *hang(_, { signal }) {
        yield 1;
        await untilAborted(signal);
      },
    },
  };
  return { implementation, seen };
}

const settles = async (what: () => boolean) => {
  for (let i = 0; i < 200 && !what(); i++) await sleep(10);
  expect(what()).toBe(true);
};

describe.each([
  ['MessagePort', messageChannel],
  ['WebSocket', webSocket],
])('over a %s', (_name, open: () => Promise<PortPair>) => {
  async function connected() {
    const pair = await open();
    const { implementation, seen } = worker();
    serveApi(api, implementation, pair.answering);
    const connection = connectApi(api, pair.asking);
    return {
      pair,
      seen,
      connection,
      client: connection.client,
      [Symbol.asyncDispose]: () => pair[Symbol.asyncDispose](),
    };
  }

  test('a request is answered, also many at once', async () => {
    await using it = await connected();
    expect(await it.client.work.add({ a: 2, b: 3 })).toBe(5);
    expect(await it.client.work.nothing()).toBeUndefined();
    const sums = Array.from({ length: 100 }, (_, a) => it.client.work.add({ a, b: 1 }));
    expect(await Promise.all(sums)).toEqual(Array.from({ length: 100 }, (_, a) => a + 1));
  });

  test('arrays of numbers arrive bit by bit, a part of a larger one as that part', async () => {
    await using it = await connected();
    const whole = Float32Array.from({ length: 1001 }, (_, i) => Math.fround(Math.sin(i)));
    whole[5] = Number.NaN;
    whole[6] = Number.NEGATIVE_INFINITY;
    const scores = whole.subarray(1);
    const kept = Uint32Array.of(0, 7, 2 ** 32 - 1);
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i);
    const back = await it.client.maps.mirror({ scores, kept, bytes });
    expect(back.scores).toBeInstanceOf(Float32Array);
    expect(back).toEqual({ scores, kept, bytes });
  });

  test('what the contract does not allow is refused before any handler sees it', async () => {
    await using it = await connected();
    // @ts-expect-error A string is no number.
    const wrong = it.client.work.add({ a: '2', b: 3 });
    await expect(wrong).rejects.toMatchObject({ code: 'request-invalid', detail: expect.stringContaining('a') });
    expect(await it.client.work.add({ a: 1, b: 1 })).toBe(2);
  });

  test('errors arrive with code, message, hint and detail', async () => {
    await using it = await connected();
    const known = await it.client.work.fail({ how: 'known' }).catch((error) => error);
    expect(known).toBeInstanceOf(RemoteError);
    expect(known).toMatchObject({
      code: 'bundle-not-found',
      message: 'There is no model called k400.',
      hint: 'Import it.',
      detail: 'k400',
    });
    await expect(it.client.work.fail({ how: 'bug' })).rejects.toMatchObject({
      code: 'internal',
      message: 'x is not a function',
    });
    await expect(it.client.work.wrong()).rejects.toMatchObject({ code: 'internal' });
  });

  test('a stream gives all its items in order, and ends', async () => {
    await using it = await connected();
    const items = await Array.fromAsync(it.client.work.count({ to: 500 }));
    expect(items.map(({ n }) => n)).toEqual(Array.from({ length: 500 }, (_, n) => n));
    expect(items[9]!.scores).toEqual(new Float32Array([9, 3]));
    await settles(() => it.seen.ended === 1);
  });

  test('a stream that fails gives what came before, then the error', async () => {
    await using it = await connected();
    const items: number[] = [];
    const reading = async () => {
      for await (const item of it.client.work.breakAfter({ items: 40 })) items.push(item);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'bundle-not-found' });
    expect(items).toHaveLength(40);
  });

  test('a stream that is not read stops making items, and goes on when it is', async () => {
    await using it = await connected();
    const items = it.client.work.count({ to: 10_000 });
    await items.next();
    await settles(() => it.seen.made >= 32);
    await sleep(100);
    expect(it.seen.made).toBe(32);
    for (let n = 0; n < 1000; n++) await items.next();
    expect(it.seen.made).toBeGreaterThan(1000);
    expect(it.seen.made).toBeLessThanOrEqual(1001 + 32);
    await items.return();
    await settles(() => it.seen.ended === 1);
  });

  test('leaving the loop ends the work on the other side', async () => {
    await using it = await connected();
    for await (const _ of it.client.work.count({ to: 1e9 })) break;
    await settles(() => it.seen.ended === 1);
    for await (const _ of it.client.work.hang()) break;
    await settles(() => it.seen.aborted === 1);
  });

  test('a call that is cancelled rejects at once with the reason, and the work is told', async () => {
    await using it = await connected();
    const cancel = new AbortController();
    const waiting = it.client.work.wait(undefined, { signal: cancel.signal });
    await sleep(20);
    cancel.abort(new Error('changed my mind'));
    await expect(waiting).rejects.toThrow('changed my mind');
    await settles(() => it.seen.aborted === 1);

    const other = new AbortController();
    const stream = it.client.work.hang(undefined, { signal: other.signal });
    expect(await stream.next()).toEqual({ value: 1, done: false });
    const next = stream.next();
    other.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    await settles(() => it.seen.aborted === 2);
    await expect(it.client.work.add({ a: 1, b: 2 }, { signal: other.signal })).rejects.toThrow('enough');
  });

  test('when the connection ends, everything under way rejects and the work is told', async () => {
    await using it = await connected();
    const waiting = it.client.work.wait();
    const stream = it.client.work.hang();
    await stream.next();
    const next = stream.next();
    it.pair.answering.close();
    await expect(waiting).rejects.toBeInstanceOf(ConnectionLostError);
    await expect(next).rejects.toBeInstanceOf(ConnectionLostError);
    await it.connection.closed;
    await settles(() => it.seen.aborted === 2);
    await expect(it.client.work.nothing()).rejects.toMatchObject({ code: 'connection-lost' });
    await expect(it.client.work.count({ to: 1 }).next()).rejects.toMatchObject({ code: 'connection-lost' });
  });

  test('what is no procedure is refused, whatever it is called', async () => {
    await using pair = await open();
    serveApi(api, worker().implementation, pair.answering);
    const answers: unknown[] = [];
    pair.asking.onMessage((answer) => answers.push(answer));
    const names = [
      'work.unknown',
      'work',
      '',
      'constructor.name',
      '__proto__.toString',
      'work.toString',
      'work.add.call',
    ];
    for (const [i, procedure] of names.entries()) pair.asking.send({ type: 'call', id: i + 1, procedure, credit: 1 });
    await settles(() => answers.length === names.length);
    for (const answer of answers) expect(answer).toMatchObject({ type: 'error', error: { code: 'procedure-unknown' } });
  });

  test.each([
    ['no frame', { hello: 'there' }],
    ['a number that was used', { type: 'call', id: 1, procedure: 'work.nothing' }],
    ['a number of no call', { type: 'call', id: -3, procedure: 'work.nothing' }],
    ['unlimited credit', { type: 'credit', id: 1, credit: 1e9 }],
  ])('%s closes the connection', async (_what, message) => {
    await using pair = await open();
    serveApi(api, worker().implementation, pair.answering);
    let closed = false;
    pair.asking.onClose(() => {
      closed = true;
    });
    pair.asking.onMessage(() => {});
    pair.asking.send({ type: 'call', id: 1, procedure: 'work.wait' });
    pair.asking.send(message);
    await settles(() => closed);
  });

  test('a flood of calls is refused, and honest ones are answered again afterwards', async () => {
    await using it = await connected();
    const stop = new AbortController();
    const flood = Array.from({ length: 600 }, () => it.client.work.wait(undefined, { signal: stop.signal }));
    const outcomes = Promise.allSettled(flood);
    await expect(it.client.work.nothing()).rejects.toMatchObject({ code: 'too-many-calls' });
    stop.abort(new Error('stop'));
    const refused = (await outcomes).filter(
      ({ status, reason }: { status: string; reason?: { code?: string } }) =>
        status === 'rejected' && reason?.code === 'too-many-calls',
    );
    expect(refused).toHaveLength(88);
    await settles(() => it.seen.aborted === 512);
    await it.client.work.nothing();
  });
});

test.each([
  ['text', '{}'],
  ['a map that claims four thousand million entries', Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff)],
  ['a value with something behind it', Uint8Array.of(0x01, 0x02)],
  ['a key that would change the prototype', Uint8Array.of(0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 0xc0)],
])('%s closes a WebSocket', async (_what, data) => {
  await using pair = await webSocket();
  serveApi(api, worker().implementation, pair.answering);
  const closed = new Promise<void>((resolve) => pair.asking.onClose(resolve));
  pair.asking.onMessage(() => {});
  pair.sendRaw(data);
  await closed;
});
