import { describe, expect, test } from 'vitest';
import { checkAddress, withoutSecrets } from '#engine/models/fetch/address.ts';

describe('a redirection', () => {
  test.each([
    ['https://a.example/x', 'https://b.example/y'],
    ['http://127.0.0.1:1/x', 'http://127.0.0.1:2/y'],
    ['http://127.0.0.1/x', 'https://b.example/y'],
  ])('from %s to %s is followed', (from, to) => {
    expect(() => checkAddress(new URL(to), new URL(from))).not.toThrow();
  });

  test.each([
    ['https://a.example/x', 'http://b.example/y', 'not https'],
    ['https://a.example/x', 'http://127.0.0.1/y', 'this computer'],
    ['https://a.example/x', 'https://localhost/y', 'this computer'],
    ['https://localhost/x', 'http://localhost/y', 'not https'],
    ['https://a.example/x', 'file:///etc/passwd', 'not https'],
    ['https://a.example/x', 'https://u:p@b.example/y', 'password'],
  ])('from %s to %s is refused', (from, to, reason) => {
    expect(() => checkAddress(new URL(to), new URL(from))).toThrow(
      expect.objectContaining({ code: 'source-invalid', message: expect.stringContaining(reason) }),
    );
  });
});

test('an address is shown without what may be a key', () => {
  expect(withoutSecrets(new URL('https://u:p@a.example/x/y.pyth?Signature=s#z'))).toBe('https://a.example/x/y.pyth');
});
