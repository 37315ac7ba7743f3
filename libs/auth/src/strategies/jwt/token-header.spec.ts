import { headerJudge } from './token-header.js';

describe('the header of a token', () => {
  const segment = (text: string) => Buffer.from(text).toString('base64url');
  const judge = (header: object) => headerJudge()(segment(JSON.stringify(header)));
  const good = { alg: 'RS256', typ: 'JWT', kid: 'k1' };

  it.each([
    ['FusionAuth’s own', {}],
    ['the type of RFC 9068', { typ: 'at+jwt' }],
    ['no type', { typ: undefined }],
    ['ES384', { alg: 'ES384' }],
    ['FusionAuth’s grant types', { gty: ['authorization_code', 'refresh_token'] }],
  ])('passes with %s', (_what, change) => {
    const header = { ...good, ...change };
    expect(judge(header)).toEqual({ alg: header.alg, kid: 'k1' });
  });

  it.each([
    ['none', { alg: 'none' }, 'algorithm'],
    ['None', { alg: 'None' }, 'algorithm'],
    ['HS256', { alg: 'HS256' }, 'symmetric-algorithm'],
    ['PS256, which not every engine can verify', { alg: 'PS256' }, 'algorithm'],
    ['EdDSA, which not every engine can verify', { alg: 'EdDSA' }, 'algorithm'],
    ['an algorithm list', { alg: ['RS256'] }, 'algorithm'],
    ['a key of its own', { jwk: {} }, 'header-jwk'],
    ['a key address', { jku: 'https://evil.example' }, 'header-jku'],
    ['a certificate address', { x5u: 'https://evil.example' }, 'header-x5u'],
    ['an empty crit', { crit: [] }, 'header-crit'],
    ['an unencoded payload', { b64: false }, 'header-b64'],
    ['compression', { zip: 'DEF' }, 'header-zip'],
    ['a nested token', { cty: 'JWT' }, 'header-cty'],
    ['a foreign type', { typ: 'logout+jwt' }, 'type'],
    ['a type that begins like ours', { typ: 'JWT+x' }, 'type'],
    ['a type list', { typ: ['JWT'] }, 'type'],
    ['a DPoP proof’s type', { typ: 'dpop+jwt' }, 'type'],
    ['no key id', { kid: undefined }, 'key-id'],
    ['an empty key id', { kid: '' }, 'key-id'],
    ['a key id that is not a string', { kid: 1 }, 'key-id'],
  ])('is refused with %s', (_what, change, problem) => {
    expect(judge({ ...good, ...change })).toBe(problem);
  });

  it.each(['', '{', '[]', 'null', '{"alg":"RS256","alg":"RS256"}'])('is none: %j', (text) => {
    expect(headerJudge()(segment(text))).toBeUndefined();
  });

  it('is cached if it is acceptable, and only then', () => {
    const again = headerJudge();
    const [known, bad] = [segment(JSON.stringify(good)), segment(JSON.stringify({ ...good, zip: 'DEF' }))];
    expect(again(known)).toBe(again(known));
    expect([again(bad), again(bad)]).toEqual(['header-zip', 'header-zip']);
  });
});
