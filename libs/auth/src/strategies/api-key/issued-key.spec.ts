import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { redactText } from '#gatehouse/platform';
import { issuedKeyId, mintApiKey } from './issued-key.js';

const id = randomUUID();
const key = mintApiKey(id);

describe('an API key of our own make', () => {
  it('contains its id, and is within the grammar of X-API-Key', () => {
    expect(issuedKeyId(key)).toBe(id);
    expect(key).toMatch(/^[A-Za-z0-9._~-]{20,256}$/);
  });

  it('never comes twice, and is recognised each time', () => {
    const keys = Array.from({ length: 1_000 }, () => mintApiKey(id));
    expect(new Set(keys).size).toBe(1_000);
    expect(new Set(keys.map(issuedKeyId))).toEqual(new Set([id]));
  });

  it('differs from one with any single character changed', () => {
    for (let at = 0; at < key.length; at += 1) {
      const other = key[at] === 'a' ? 'b' : 'a';
      expect(issuedKeyId(key.slice(0, at) + other + key.slice(at + 1))).toBeUndefined();
    }
  });

  it.each([
    ['random', randomBytes(48).toString('base64url')],
    ['cut short', key.slice(0, -1)],
    ['longer', `${key}0`],
    ['with the checksum of another', key.slice(0, -8) + mintApiKey(id).slice(-8)],
    ['in upper case', key.toUpperCase()],
    ['with a line end', `${key}\n`],
  ])('differs from a text that is %s', (_how, text) => {
    expect(issuedKeyId(text)).toBeUndefined();
  });

  it('is found by the pattern that the documents give to secret scanners, and removed from every log line', () => {
    const [, pattern = ''] = /```regex\n(.*)\n```/.exec(readFileSync('docs/strategies.md', 'utf8')) ?? [];
    expect(`API_KEY="${key}"`).toMatch(new RegExp(pattern));
    expect(`gatehouse_${'0'.repeat(32)}`).not.toMatch(new RegExp(pattern));
    expect(redactText(`the key ${key} leaked`)).toBe('the key [redacted] leaked');
  });
});
