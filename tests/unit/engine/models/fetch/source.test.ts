import { describe, expect, test } from 'vitest';
import { hubAddress, parseSource, sourceText } from '#engine/models/fetch/source.ts';
import { environment } from '../../../../fixtures/environment.ts';

const textOf = (text: string) => sourceText(parseSource(text));

describe('a source', () => {
  test.each([
    ['facebook/timesformer-base-finetuned-k400', 'facebook/timesformer-base-finetuned-k400'],
    ['  owner/name@v1.0 ', 'owner/name@v1.0'],
    ['owner/name@main', 'owner/name'],
    ['owner/name@refs/pr/5', 'owner/name@refs/pr/5'],
    ['https://huggingface.co/owner/name', 'owner/name'],
    ['https://huggingface.co/owner/name/', 'owner/name'],
    ['https://huggingface.co/owner/name/tree/v2', 'owner/name@v2'],
    ['https://huggingface.co/owner/name/tree/refs%2Fpr%2F5', 'owner/name@refs/pr/5'],
    ['https://huggingface.co/owner/name/blob/main/model.safetensors', 'owner/name'],
    ['https://huggingface.co/owner/name/resolve/abc/pytorch_model.bin?download=true', 'owner/name@abc'],
    [
      'https://huggingface.co/owner/name/blob/main/TimeSformer.pyth',
      'https://huggingface.co/owner/name/resolve/main/TimeSformer.pyth',
    ],
    ['https://huggingface.co/file.pyth', 'https://huggingface.co/file.pyth'],
    ['https://example.org/a/b.pyth#top', 'https://example.org/a/b.pyth'],
    ['https://www.dropbox.com/s/x/T.pyth?dl=0', 'https://www.dropbox.com/s/x/T.pyth?dl=1'],
    ['http://127.0.0.1:8000/x.pyth', 'http://127.0.0.1:8000/x.pyth'],
    ['http://localhost/x.pyth', 'http://localhost/x.pyth'],
  ])('%s is read as %s', (text, expected) => {
    expect(textOf(text)).toBe(expected);
    expect(textOf(expected)).toBe(expected);
  });

  test.each([
    ['', 'neither an address'],
    ['timesformer', 'neither an address'],
    ['../../etc/passwd', 'neither an address'],
    ['owner/name@../main', 'neither an address'],
    ['owner/name/more', 'neither an address'],
    ['http://example.org/x.pyth', 'not https'],
    ['ftp://example.org/x.pyth', 'not https'],
    ['file:///etc/passwd', 'not https'],
    ['https://user:secret@example.org/x.pyth', 'password'],
  ])('%j is refused', (text, reason) => {
    expect(() => parseSource(text)).toThrow(
      expect.objectContaining({ code: 'source-invalid', message: expect.stringContaining(reason) }),
    );
  });

  test('a refusal repeats no password', () => {
    expect(() => parseSource('https://user:secret@example.org/x?key=secret')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });

  test('is looked for on the mirror that HF_ENDPOINT names, and HF_ENDPOINT must be trustworthy, too', () => {
    using _mirror = environment({ HF_ENDPOINT: 'https://mirror.example/hub' });
    expect(hubAddress().href).toBe('https://mirror.example/hub/');
    expect(textOf('https://mirror.example/hub/owner/name')).toBe('owner/name');
    expect(parseSource('https://huggingface.co/owner/name').kind).toBe('address');
    using _wrong = environment({ HF_ENDPOINT: 'http://mirror.example' });
    expect(() => hubAddress()).toThrow(expect.objectContaining({ code: 'source-invalid' }));
  });
});
