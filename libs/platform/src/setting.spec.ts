import { z } from 'zod';
import { aboutSetting, defaultOf, insecureUrlProblem, optionalSecret, secret, setting } from './setting.js';
import { commaList, flag, integer, word } from './setting-kinds.js';

describe('a setting', () => {
  const about = { about: 'any', example: 'x' };

  it('is described where it is one, as a secret too', () => {
    expect(aboutSetting(setting(z.string(), about))).toEqual(about);
    expect(aboutSetting(z.string().meta({ title: 'no setting' }))).toBeUndefined();
    for (const kind of [optionalSecret, secret])
      expect(aboutSetting(kind(about))).toEqual({ ...about, secret: true });
  });

  it.each([
    [word(), undefined],
    [word().optional(), undefined],
    [word().default('plain'), 'plain'],
    [integer(0, 9).default(3), '3'],
    [flag().default(true), '1'],
    [flag().default(false), '0'],
    [commaList(word()).default(['a', 'b']), 'a,b'],
    [commaList(word()).default([]), 'none'],
  ])('has the default that an operator would write (%#): %s', (schema, text) => {
    expect(defaultOf(schema)).toBe(text);
  });

  it('names the cure of plain http to another machine', () => {
    expect(insecureUrlProblem('FUSIONAUTH_URL', 'http://auth.example.com', false)).toEqual([
      'FUSIONAUTH_URL: plain http to another machine: use https, or set ALLOW_INSECURE=1 if the network is trusted',
    ]);
  });
});
