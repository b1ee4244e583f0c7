import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClassLabels } from '#engine/evaluation/data-set/class-labels.ts';
import { parseList } from '#engine/evaluation/data-set/list-lines.ts';

const NAMES = ['walking', 'riding a bike', 'tying knot (not on a tie)', 'drop, then roll'];
const labels = new ClassLabels(NAMES);
const isLabel = (label: string) => labels.find(label) !== null;
const parse = (text: string) => parseList(text, isLabel);

describe('a line', () => {
  test.each([
    ['a/b.mp4 3', 'a/b.mp4', '3'],
    ['a/b.mp4,3', 'a/b.mp4', '3'],
    ['a/b.mp4\t3', 'a/b.mp4', '3'],
    ['a/b.mp4 , walking', 'a/b.mp4', 'walking'],
    ['my best clip.mp4 riding a bike', 'my best clip.mp4', 'riding a bike'],
    ['my best clip.mp4,riding a bike', 'my best clip.mp4', 'riding a bike'],
    ['one, two.mp4 2', 'one, two.mp4', '2'],
    ['clip 2 2', 'clip 2', '2'],
    ['walking/walking.mp4 walking', 'walking/walking.mp4', 'walking'],
    ['a.mp4,drop, then roll', 'a.mp4', 'drop, then roll'],
    ['"one, 2","riding a bike"', 'one, 2', 'riding a bike'],
    ['"say ""hi"" 1.mp4",1', 'say "hi" 1.mp4', '1'],
    ['a.mp4 "riding a bike"', 'a.mp4', 'riding a bike'],
    ['5" disc.mp4 1', '5" disc.mp4', '1'],
    ['C:\\videos\\a b.mp4 1', 'C:\\videos\\a b.mp4', '1'],
  ])('%j is %j and %j', (line, path, label) => {
    expect(parse(line)).toEqual([{ kind: 'entry', line: 1, path, label }]);
  });

  test.each([
    ['a.mp4 flying a kite', 'a.mp4', 'flying a kite'],
    ['my clip.mp4,flying', 'my clip.mp4', 'flying'],
    ['clip one flying', 'clip one', 'flying'],
  ])('with a label of no class is cut after the file: %j', (line, path, label) => {
    expect(parse(line)).toEqual([{ kind: 'entry', line: 1, path, label }]);
  });

  test('without a label is malformed', () => {
    expect(parse('a.mp4')).toEqual([{ kind: 'malformed', line: 1, text: 'a.mp4' }]);
    expect(parse('a.mp4,')).toEqual([{ kind: 'malformed', line: 1, text: 'a.mp4,' }]);
  });
});

describe('a list', () => {
  test('may have a mark of its encoding, Windows line ends, comments, blank lines and a heading', () => {
    const text = '\uFEFF# validation\r\n\r\npath,label\r\na.mp4,1\r\n   \r\n# b.mp4,1\r\nc.mp4 2';
    expect(parse(text)).toEqual([
      { kind: 'entry', line: 4, path: 'a.mp4', label: '1' },
      { kind: 'entry', line: 7, path: 'c.mp4', label: '2' },
    ]);
  });

  test('takes nothing but the first line for a heading', () => {
    expect(parse('a.mp4 1\npath label').at(-1)).toMatchObject({ path: 'path', label: 'label' });
  });

  const name = fc.constantFrom(...NAMES, '0', '3');
  const plainPath = fc.stringMatching(/^[a-z0-9._/\\ ,()-]{1,30}\.mp4$/).filter((path) => path === path.trim());
  const anyPath = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 30 })
    .filter((path) => !/[\r\n#\uFEFF]/.test(path));

  test('gives back what was written with any separator', () => {
    const rows = fc.array(fc.record({ path: plainPath, label: name }), { minLength: 1 });
    fc.assert(
      fc.property(rows, fc.constantFrom(' ', ',', '\t', ', '), fc.constantFrom('\n', '\r\n'), (entries, mark, end) => {
        const text = entries.map(({ path, label }) => `${path}${mark}${label}`).join(end);
        expect(parse(text).map((entry) => (entry.kind === 'entry' ? entry : null))).toEqual(
          entries.map((entry, i) => ({ kind: 'entry', line: i + 1, ...entry })),
        );
      }),
    );
  });

  test('gives back any path that was quoted as CSV is', () => {
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(anyPath, name, (path, label) => {
        expect(parse(`${quoted(path)},${quoted(label)}`)).toEqual([{ kind: 'entry', line: 1, path, label }]);
      }),
    );
  });

  test('is read whatever it holds', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parse(text)));
  });
});
