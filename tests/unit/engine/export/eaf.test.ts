import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { eaf } from '#engine/export/elan/eaf.ts';
import { eafFaults } from '../../../fixtures/eaf-rules.ts';
import { pretendedSource, writtenBy } from '../../../fixtures/export-source.ts';

interface Annotation {
  readonly ALIGNABLE_ANNOTATION?: { readonly ANNOTATION_VALUE: string };
  readonly REF_ANNOTATION?: { readonly ANNOTATION_VALUE: string };
}

const LISTS = ['ANNOTATION', 'TIER', 'TIME_SLOT', 'PROPERTY', 'LINGUISTIC_TYPE'];
const parser = new XMLParser({
  ...{ ignoreAttributes: false, parseTagValue: false, parseAttributeValue: false, trimValues: false },
  isArray: (name) => LISTS.includes(name),
});

const tiersOf = (xml: string): Record<string, string[]> => {
  const tiers = parser.parse(xml).ANNOTATION_DOCUMENT.TIER;
  return Object.fromEntries(
    tiers.map((tier: { '@_TIER_ID': string; ANNOTATION?: Annotation[] }) => [
      tier['@_TIER_ID'],
      (tier.ANNOTATION ?? []).map(
        (one) => (one.ALIGNABLE_ANNOTATION ?? one.REF_ANNOTATION)?.ANNOTATION_VALUE.toString() ?? '',
      ),
    ]),
  );
};

describe('an ELAN document', () => {
  const winners = [
    [0, 0.9],
    [0, 0.8],
    [1, 0.7],
    [2, 0.2],
  ] as const;

  test('keeps the rules of EAF 3.0', async () => {
    for (const views of [1, 3] as const) {
      const xml = (await writtenBy(eaf, pretendedSource({ winners, views }))).toString();
      expect(XMLValidator.validate(xml)).toBe(true);
      expect(eafFaults(xml)).toEqual([]);
    }
  });

  test('has the actions, how sure the model is, and one clip beside three', async () => {
    const xml = (await writtenBy(eaf, pretendedSource({ winners, views: 3 }))).toString();
    const actions = ['walk', 'jump', 'walk'];
    expect(tiersOf(xml)).toEqual({
      ...{ Actions: actions, 'One clip': actions, 'Three clips': actions },
      Probability: ['0.850', '0.700', '0.400'],
    });
  });

  test('finds the video from where it lies', async () => {
    const relative = async (target: string) => {
      const xml = (await writtenBy(eaf, pretendedSource({ winners }), { target })).toString();
      return parser.parse(xml).ANNOTATION_DOCUMENT.HEADER.MEDIA_DESCRIPTOR['@_RELATIVE_MEDIA_URL'];
    };
    expect(await relative('/videos/a video.eaf')).toBe('./a video.mp4');
    expect(await relative('/videos/elan/x.eaf')).toBe('../a video.mp4');
    expect(await relative('/x.eaf')).toBe('./videos/a video.mp4');
  });

  test('is one, and says the same, whatever actions and files are called', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom('<b>', ']]>', '&amp;', '"\'', '\u0000\u0001', '日本語', '\ud800'),
    );
    await fc.assert(
      fc.asyncProperty(text, text, async (label, name) => {
        const path = `/videos/${name.replaceAll('/', '_')}.mp4`;
        const source = pretendedSource({
          labels: [label, 'other'],
          winners: [
            [0, 0.9],
            [1, 0.8],
          ],
          path,
        });
        const xml = (await writtenBy(eaf, source)).toString();
        expect(XMLValidator.validate(xml)).toBe(true);
        expect(eafFaults(xml)).toEqual([]);
        expect(tiersOf(xml).Actions).toHaveLength(2);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the rules that ELAN documents are held against', () => {
  test.each([
    [
      'a slot that is missing',
      (xml: string) => xml.replace('<TIME_SLOT TIME_SLOT_ID="ts1"', '<TIME_SLOT TIME_SLOT_ID="ts9"'),
    ],
    ['an id that is there twice', (xml: string) => xml.replace('ANNOTATION_ID="a2"', 'ANNOTATION_ID="a1"')],
    ['a type that is missing', (xml: string) => xml.replace('LINGUISTIC_TYPE_ID="interval"', 'LINGUISTIC_TYPE_ID="x"')],
    ['an end before the start', (xml: string) => xml.replace('TIME_SLOT_REF2="ts2"', 'TIME_SLOT_REF2="ts1"')],
    [
      'elements in another order',
      (xml: string) => xml.replace(/(<TIME_ORDER>[\s\S]*<\/TIME_ORDER>)([\s\S]*)(<LING)/, '$2$1$3'),
    ],
    ['an attribute that is missing', (xml: string) => xml.replace('TIME_UNITS="milliseconds"', '')],
  ])('see %s', async (_, spoil) => {
    const xml = (
      await writtenBy(
        eaf,
        pretendedSource({
          winners: [
            [0, 0.9],
            [1, 0.8],
          ],
        }),
      )
    ).toString();
    expect(spoil(xml)).not.toBe(xml);
    expect(eafFaults(spoil(xml))).not.toEqual([]);
  });
});
