import type { Licence } from '#contract/model-fetch.ts';

/** Licences by which weights are often published, by their SPDX ids, with what they ask for in a few words. */
const KNOWN: readonly Licence[] = [
  {
    id: 'CC-BY-NC-4.0',
    name: 'Creative Commons Attribution-NonCommercial 4.0 International',
    url: 'https://creativecommons.org/licenses/by-nc/4.0/',
    conditions: ['Not for commercial purposes', 'Credit the authors', 'Say what you changed'],
  },
  {
    id: 'CC-BY-NC-SA-4.0',
    name: 'Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International',
    url: 'https://creativecommons.org/licenses/by-nc-sa/4.0/',
    conditions: ['Not for commercial purposes', 'Credit the authors', 'Share what you make of it under the same terms'],
  },
  {
    id: 'CC-BY-4.0',
    name: 'Creative Commons Attribution 4.0 International',
    url: 'https://creativecommons.org/licenses/by/4.0/',
    conditions: ['Credit the authors', 'Say what you changed'],
  },
  {
    id: 'CC-BY-SA-4.0',
    name: 'Creative Commons Attribution-ShareAlike 4.0 International',
    url: 'https://creativecommons.org/licenses/by-sa/4.0/',
    conditions: ['Credit the authors', 'Share what you make of it under the same terms'],
  },
  {
    id: 'Apache-2.0',
    name: 'Apache License 2.0',
    url: 'https://www.apache.org/licenses/LICENSE-2.0',
    conditions: ['Keep the notices', 'Say what you changed'],
  },
  {
    id: 'MIT',
    name: 'MIT License',
    url: 'https://opensource.org/license/mit',
    conditions: ['Keep the copyright notice'],
  },
  {
    id: 'BSD-3-Clause',
    name: 'BSD 3-Clause License',
    url: 'https://opensource.org/license/bsd-3-clause',
    conditions: ['Keep the copyright notice', 'Do not use the authors’ names to promote'],
  },
];

/** Where nobody says under which terms the weights may be used. */
export const UNKNOWN_LICENCE: Licence = {
  id: 'unknown',
  name: 'Not stated',
  url: null,
  conditions: ['Ask its publisher under which terms it may be used'],
};

/**
 * The licence that a publisher names.
 *
 * @param id As in the front matter of a model card, such as `cc-by-nc-4.0`.
 * @param link Where the publisher keeps its text, for licences of its own.
 */
export function licenceOf(id: string | null, { name, link }: { name?: string; link?: string } = {}): Licence {
  if (id === null || id.trim() === '' || id === 'unknown') return UNKNOWN_LICENCE;
  const known = KNOWN.find((licence) => licence.id.toLowerCase() === id.toLowerCase());
  if (known !== undefined) return known;
  const own = id === 'other' && name !== undefined && name.trim() !== '' ? name : id;
  const url = link !== undefined && URL.canParse(link) && new URL(link).protocol === 'https:' ? link : null;
  return { id: own.slice(0, 200), name: own.slice(0, 200), url, conditions: ['Read what it asks for'] };
}
