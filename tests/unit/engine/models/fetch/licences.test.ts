import { describe, expect, test } from 'vitest';
import { licenceOf } from '#engine/models/fetch/licences.ts';

describe('the licence that a publisher names', () => {
  test('is known by its SPDX id, however it is written', () => {
    expect(licenceOf('cc-by-nc-4.0')).toMatchObject({
      id: 'CC-BY-NC-4.0',
      url: 'https://creativecommons.org/licenses/by-nc/4.0/',
      conditions: expect.arrayContaining(['Not for commercial purposes']),
    });
    expect(licenceOf('Apache-2.0').id).toBe('Apache-2.0');
  });

  test('is passed on as it is where we do not know it, with its text where it is linked', () => {
    expect(licenceOf('gpl-3.0')).toMatchObject({ id: 'gpl-3.0', url: null });
    expect(licenceOf('other', { name: 'our-terms', link: 'https://a.example/terms' })).toMatchObject({
      id: 'our-terms',
      url: 'https://a.example/terms',
    });
    expect(licenceOf('other', { name: 'our-terms', link: 'javascript:alert(1)' }).url).toBeNull();
  });

  test.each([[null], [''], ['unknown']])('%j is none', (id) => {
    expect(licenceOf(id)).toMatchObject({ id: 'unknown', url: null });
  });
});
