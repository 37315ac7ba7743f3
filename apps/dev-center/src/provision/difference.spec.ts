import { difference } from './difference.js';

const texts = (found: object, wanted: object) =>
  difference(found as never, wanted as never)?.lines.map(({ text }) => text);

describe('the difference between what FusionAuth has and what is wanted', () => {
  it('is undefined if everything that is wanted is present', () => {
    const found = { name: 'A', roles: ['x', 'y'], oauth: { urls: ['u', 'v'], more: 1 }, other: true };
    expect(difference(found, { name: 'A', roles: ['y'], oauth: { urls: ['v'] } })).toBeUndefined();
  });

  it('has only the members that differ, and of a list only what is missing, because FusionAuth appends to lists', () => {
    const found = { issuer: 'acme.com', oauth: { urls: ['u'], kept: 1 } };
    const wanted = { issuer: 'https://a', oauth: { urls: ['u', 'v'], generate: true } };
    expect(difference(found, wanted)).toEqual({
      patch: { issuer: 'https://a', oauth: { urls: ['v'], generate: true } },
      lines: [
        {
          text: 'issuer is "acme.com", should be "https://a"',
          done: 'changed issuer from "acme.com" to "https://a"',
        },
        { text: 'oauth.urls lacks v', done: 'added v to oauth.urls' },
        {
          text: 'oauth.generate is not set, should be true',
          done: 'changed oauth.generate from not set to true',
        },
      ],
    });
  });

  it.each([
    ['a list where there is none', { urls: undefined }, { urls: ['u'] }, ['urls lacks u']],
    [
      'members of what is not there',
      {},
      { jwt: { enabled: true } },
      ['jwt.enabled is not set, should be true'],
    ],
    ['a value of another type', { seconds: '60' }, { seconds: 60 }, ['seconds is "60", should be 60']],
    ['false where it is not set', {}, { enabled: false }, ['enabled is not set, should be false']],
  ])('includes %s', (_what, found, wanted, lines) => {
    expect(texts(found, wanted)).toEqual(lines);
  });

  it('is one short line even for a long value', () => {
    const [line = ''] = texts({ body: 'a'.repeat(500) }, { body: 'b' }) ?? [];
    expect(line.length).toBeLessThan(120);
  });
});
