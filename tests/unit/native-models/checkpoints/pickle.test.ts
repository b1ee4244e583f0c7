import { describe, expect, it } from 'vitest';
import { readPickle } from '#native-models/checkpoints/pickle.ts';
import {
  PickleDict,
  PickleList,
  PickleRecord,
  PickleTensor,
  PickleTuple,
} from '#native-models/checkpoints/pickle-values.ts';
import { OP, PyList, PyNamespace, PyOrderedDict, PyRaw, pickle } from '../../../fixtures/torch/pickle-writer.ts';
import { tensor } from '../../../fixtures/torch/torch-file.ts';

const read = (value: Parameters<typeof pickle>[0]) => readPickle(pickle(value).bytes);
const program = (...parts: readonly Uint8Array[]) => readPickle(Buffer.concat([OP.proto4, ...parts]));

describe('a pickle of plain data', () => {
  it.each([null, true, false, 0, 255, 256, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 40, 0.5, -1.5e-300, 'text', 'Grüße 🎬'])(
    'gives %j back',
    (value) => {
      expect(read(value)).toBe(value);
    },
  );

  it('gives tuples, lists and dictionaries back', () => {
    const value = read({ tuple: [1, [2, 'x'], null], list: new PyList([true, 0.5]), dict: { a: 1 } });
    expect(value).toBeInstanceOf(PickleDict);
    const dict = value as PickleDict;
    expect(dict.get('tuple')).toEqual(new PickleTuple([1, new PickleTuple([2, 'x']), null]));
    expect((dict.get('list') as PickleList).items).toEqual([true, 0.5]);
    expect((dict.get('dict') as PickleDict).get('a')).toBe(1);
  });

  it('gives numbers of many bytes back exactly', () => {
    const bytes = Buffer.from([0x8a, 9, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(program(bytes, OP.stop)).toBe(2n ** 64n + 1n);
    expect(program(Buffer.from([0x8a, 0]), OP.stop)).toBe(0);
  });

  it('shares what the pickle shares', () => {
    // (x, x) with x = [] through the memo
    const value = program(Buffer.from(']q\x00h\x00\x86.', 'latin1')) as PickleTuple;
    expect(value.items[0]).toBeInstanceOf(PickleList);
    expect(value.items[1]).toBe(value.items[0]);
  });

  it('lets a value contain itself', () => {
    const value = program(Buffer.from(']q\x00h\x00a.', 'latin1')) as PickleList;
    expect(value.items[0]).toBe(value);
  });
});

describe('a pickle of weights', () => {
  it('gives the description of a tensor', () => {
    const value = read(tensor([1, 2, 3, 4, 5, 6], [2, 3]));
    expect(value).toBeInstanceOf(PickleTensor);
    expect(value).toMatchObject({
      offset: 0,
      shape: [2, 3],
      strides: [3, 1],
      storage: { key: '0', type: 'torch.FloatStorage', length: 6 },
    });
  });

  it('reads state dicts with their module versions, and settings as a record that nobody looks into', () => {
    const value = read({
      model: new PyOrderedDict(new Map([['w', tensor([1])]])),
      args: new PyNamespace({ lr: 0.1, output_dir: '/tmp' }),
    }) as PickleDict;
    expect((value.get('model') as PickleDict).get('w')).toBeInstanceOf(PickleTensor);
    expect(value.get('args')).toEqual(new PickleRecord('argparse.Namespace'));
  });
});

describe("what NumPy's numbers are in a pickle", () => {
  // pickle.dumps({'best': np.float64(81.5), 'n': np.int64(3), 'rng': np.arange(3, dtype=np.uint32)}, protocol), NumPy 2.4.
  it.each([
    [
      2,
      '80027d7100285804000000626573747101636e756d70792e5f636f72652e6d756c746961727261790a7363616c61720a7102636e756d70790a64747970650a71035802000000663871048988877105527106284b0358010000003c71074e4e4e4affffffff4affffffff4b0074710862635f636f646563730a656e636f64650a710958080000000000000000605440710a58060000006c6174696e31710b86710c52710d86710e52710f58010000006e7110680268035802000000693871118988877112527113284b0368074e4e4e4affffffff4affffffff4b00747114626809580800000003000000000000007115680b8671165271178671185271195803000000726e67711a636e756d70792e5f636f72652e6d756c746961727261790a5f7265636f6e7374727563740a711b636e756d70790a6e6461727261790a711c4b0085711d6809580100000062711e680b86711f527120877121527122284b014b0385712368035802000000753471248988877125527126284b0368074e4e4e4affffffff4affffffff4b0074712762896809580c0000000000000001000000020000007128680b86712952712a74712b62752e',
    ],
    [
      4,
      '8004951f010000000000007d94288c0462657374948c166e756d70792e5f636f72652e6d756c74696172726179948c067363616c61729493948c056e756d7079948c0564747970659493948c02663894898887945294284b038c013c944e4e4e4affffffff4affffffff4b007494624308000000000060544094869452948c016e94680468078c02693894898887945294284b03680b4e4e4e4affffffff4affffffff4b007494624308030000000000000094869452948c03726e679468028c0c5f7265636f6e73747275637494939468058c076e6461727261799493944b0085944301629487945294284b014b03859468078c02753494898887945294284b03680b4e4e4e4affffffff4affffffff4b0074946289430c00000000010000000200000094749462752e',
    ],
  ])('noted, and not looked into: protocol %i', (_, hex) => {
    const value = readPickle(Buffer.from(hex, 'hex')) as PickleDict;
    expect(value.get('best')).toEqual(new PickleRecord('numpy.generic'));
    expect(value.get('n')).toEqual(new PickleRecord('numpy.generic'));
    expect(value.get('rng')).toEqual(new PickleRecord('numpy.ndarray'));
  });
});

describe('a pickle that would run code', () => {
  const command = OP.text('touch /tmp/pwned');
  const args = Buffer.concat([command, OP.tuple1]);
  const system = OP.global('os', 'system');

  it.each([
    ['REDUCE', [system, args, OP.reduce]],
    ['STACK_GLOBAL', [OP.text('os'), OP.text('system'), OP.stackGlobal, args, OP.reduce]],
    ['INST', [OP.mark, command, OP.inst('os', 'system')]],
    ['OBJ', [OP.mark, system, command, OP.obj]],
    ['NEWOBJ', [system, args, OP.newObj]],
    ['NEWOBJ_EX', [system, args, OP.emptyDict, OP.newObjEx]],
    ['BUILD', [system, OP.emptyDict, OP.build]],
    ['BINPERSID', [system, OP.binPersId]],
    ['a global that is never used', [system, Buffer.from('0N')]],
    ['a dictionary value', [OP.emptyDict, OP.text('x'), system, Buffer.from('s')]],
  ])('is refused by name: %s', (_, parts) => {
    expect(() => program(...parts, OP.stop)).toThrow(
      expect.objectContaining({
        code: 'checkpoint-forbidden-global',
        message: expect.stringContaining('refers to os.system,'),
      }),
    );
  });

  it.each([
    ['posix', 'system'],
    ['nt', 'system'],
    ['subprocess', 'Popen'],
    ['builtins', 'eval'],
    ['builtins', 'getattr'],
    ['__builtin__', 'exec'],
    ['torch', 'load'],
    ['torch.storage', '_load_from_bytes'],
    ['torch.hub', 'load'],
    ['numpy', 'load'],
    ['numpy.core.multiarray', 'fromfile'],
    ['_codecs', 'lookup'],
    ['collections', 'OrderedDict.__init__.__globals__'],
    ['torch._utils', '_rebuild_tensor_v2.__globals__'],
    ['torch', '_utils._rebuild_tensor_v2\u0000'],
    ['constructor', 'prototype'],
    ['', '__proto__'],
  ])('refuses %s.%s', (module, name) => {
    const refusal = expect.objectContaining({ code: 'checkpoint-forbidden-global' });
    expect(() => program(OP.global(module, name), OP.stop)).toThrow(refusal);
    expect(() => program(OP.text(module), OP.text(name), OP.stackGlobal, OP.stop)).toThrow(refusal);
  });

  it('refuses names by their number in a registry', () => {
    expect(() => program(OP.ext1(7), OP.stop)).toThrow(
      expect.objectContaining({ code: 'checkpoint-forbidden-global' }),
    );
  });

  it('does not let a name reach the terminal with control characters, or at any length', () => {
    const thrown = catchError(() => program(OP.global('os\u001b[2J', 'x'.repeat(10_000)), OP.stop));
    expect(thrown.message).not.toContain('\u001b');
    expect(thrown.message.length).toBeLessThan(400);
  });

  it.each([
    ['calling a storage type', [OP.global('torch', 'FloatStorage'), args, OP.reduce]],
    ['calling a dtype', [OP.global('torch', 'float32'), OP.emptyTuple, OP.reduce]],
    ['calling a text', [command, OP.emptyTuple, OP.reduce]],
    ['making a tensor out of nothing', [OP.global('torch._utils', '_rebuild_tensor_v2'), OP.emptyTuple, OP.reduce]],
    ['an OrderedDict of something', [OP.global('collections', 'OrderedDict'), args, OP.reduce]],
    ['a Namespace with arguments', [OP.global('argparse', 'Namespace'), args, OP.newObj]],
    ['a Namespace by INST', [OP.mark, OP.inst('argparse', 'Namespace')]],
    ['attributes of a text', [command, OP.emptyDict, OP.build]],
    ['a persistent id that is no storage', [command, OP.binPersId]],
    ['a persistent id in text', [OP.persId('0')]],
  ])('refuses known names where they do not belong: %s', (_, parts) => {
    expect(() => program(...parts, OP.stop)).toThrow(expect.objectContaining({ code: 'checkpoint-invalid' }));
  });

  it('refuses a storage whose key is a path', () => {
    const id = new PyRaw(OP.global('torch', 'FloatStorage'));
    const { bytes } = pickle(['storage', id, '../../etc/passwd', 'cpu', 1]);
    expect(() => readPickle(Buffer.concat([bytes.subarray(0, -1), OP.binPersId, OP.stop]))).toThrow(
      expect.objectContaining({ code: 'checkpoint-invalid', message: expect.stringContaining('passwd') }),
    );
  });
});

describe('a damaged pickle', () => {
  it.each([
    ['nothing', ''],
    ['no end', 'N'],
    ['nothing before the end', '.'],
    ['too many values', 'NN.'],
    ['an open group', '(N.'],
    ['a group that has not begun', 't.'],
    ['an unknown memo entry', 'h\x05.'],
    ['a text beyond the end', 'X\xff\xff\xff\xffabc.'],
    ['a text of 2⁶⁴ bytes', '\x8d\xff\xff\xff\xff\xff\xff\xff\xffabc.'],
    ['a number of 4 GB', '\x8b\xff\xff\xff\xff1.'],
    ['a number of 255 bytes', `\x8a\xff${'1'.repeat(255)}.`],
    ['a name without an end', 'cos'],
    ['items of a list', ']Na(NNu.'],
    ['a key without a value', '}(Nu.'],
    ['an item of a number', 'K\x01Na.'],
    ['an unknown instruction', '\xf7.'],
    ['a text number of protocol 0', 'I1\n.'],
  ])('is refused: %s', (_, text) => {
    expect(() => program(Buffer.from(text, 'latin1'))).toThrow(expect.objectContaining({ code: 'checkpoint-invalid' }));
  });

  it('is refused when its version is unknown', () => {
    for (const version of [0, 1, 6, 255]) {
      expect(() => readPickle(Buffer.from([0x80, version, 0x4e, 0x2e]))).toThrow(/version/);
    }
  });

  it('is refused when it takes too many steps, before they fill the memory', () => {
    const before = process.memoryUsage().rss;
    for (const instruction of [']', '(', '}', 'N', ')']) {
      expect(() => program(Buffer.alloc(20 * 2 ** 20, instruction))).toThrow(/steps/);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * 2 ** 20);
  });

  it('does not unfold a value that contains itself twice, and that again, and so on', () => {
    // x₀ = [], xₙ₊₁ = [xₙ, xₙ]: 2¹⁰⁰⁰ leaves in three thousand instructions.
    const doubled = Buffer.from(`]${'2\x86'.repeat(1_000)}.`, 'latin1');
    expect(program(doubled)).toBeInstanceOf(PickleTuple);
  });
});

function catchError(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
