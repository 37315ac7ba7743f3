import { hkdfSync } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { EncryptJWT } from 'jose';
import { Secret } from '#gatehouse/platform';
import { Sealed } from './sealed.js';
import { Sessions } from './session.js';

describe('the portal’s cookies', () => {
  let present = Date.parse('2026-11-28T12:00:00Z');
  const clock = () => present;
  const key = new Secret('the-key-of-all-replicas');
  const sealed = new Sealed(key, clock);
  const until = present + 60_000;
  const content = { name: 'Ada' };

  it('can be opened with the same key in another replica', async () => {
    const text = await sealed.seal(content, 'session', until);
    expect(await new Sealed(key, clock).open(text, 'session')).toEqual(content);
    expect(text).not.toContain(Buffer.from('Ada').toString('base64url'));
  });

  it('cannot be opened with another key; without a configured key only the instance that sealed them opens them', async () => {
    const other = new Sealed(new Secret('another-key'), clock);
    expect(await other.open(await sealed.seal(content, 'session', until), 'session')).toBeUndefined();
    const alone = new Sealed(undefined, clock);
    const text = await alone.seal(content, 'session', until);
    expect(await alone.open(text, 'session')).toEqual(content);
    expect(await new Sealed(undefined, clock).open(text, 'session')).toBeUndefined();
  });

  it.each([
    ['log-in', 'session'],
    ['session', 'log-in'],
  ] as const)('sealed for %s cannot be opened as %s', async (made, asked) => {
    const text = await sealed.seal(content, made, until);
    expect(await sealed.open(text, asked)).toBeUndefined();
    expect(await sealed.open(text, made)).toEqual(content);
  });

  it('cannot be opened after they have expired', async () => {
    const text = await sealed.seal(content, 'session', until);
    present += 61_000;
    expect(await sealed.open(text, 'session')).toBeUndefined();
  });

  it('are no session if another version sealed other content', async () => {
    const text = await sealed.seal(content, 'session', present + 60_000);
    const request = { cookies: { 'gatehouse-session': text } } as unknown as FastifyRequest;
    expect(await new Sessions(sealed, clock, 'http://127.0.0.1:3001').read(request)).toBeUndefined();
  });

  it.each([
    ['without an expiry', 'dir', 'A256GCM', undefined],
    ['with a wrapped key', 'A256KW', 'A256GCM', until],
    ['with another cipher', 'dir', 'A128CBC-HS256', until],
  ])('cannot be opened %s, even if they were sealed with the same key', async (_what, alg, enc, expiry) => {
    const material = Buffer.from('the-key-of-all-replicas');
    const bytes = new Uint8Array(hkdfSync('sha256', material, '', 'gatehouse portal cookies', 32));
    const jwt = new EncryptJWT({ content }).setProtectedHeader({ alg, enc }).setAudience('session');
    if (expiry !== undefined) jwt.setExpirationTime(Math.floor((present + 60_000) / 1000));
    expect(await sealed.open(await jwt.encrypt(bytes), 'session')).toBeUndefined();
  });

  it.each(['', 'x', 'a.b.c.d.e', 'eyJhbGciOiJub25lIn0.e30.'])('are not %j', async (text) => {
    expect(await sealed.open(text, 'session')).toBeUndefined();
  });
});
