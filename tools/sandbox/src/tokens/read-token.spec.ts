import { createHmac, createSign } from 'node:crypto';
import type { Instance } from '../instance.js';
import type { KeyRecord } from '../state/state.js';
import { isCurrent, presentedToken, readToken } from './read-token.js';
import { generateKey, publicKeyPem, sign } from './signing-key.js';

const claims = { sub: 'ada', exp: 4600 };
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token', () => {
  let rsa: KeyRecord;
  let hmac: KeyRecord;
  let foreign: KeyRecord;
  let instance: Instance;
  beforeAll(async () => {
    const make = (id: string, algorithm: 'RS256' | 'HS256') => generateKey({ id, name: id, algorithm }, 0);
    [rsa, hmac, foreign] = [await make('r', 'RS256'), await make('h', 'HS256'), await make('f', 'RS256')];
    const keys = new Map([rsa, hmac].map((key) => [key.id, key]));
    instance = { state: { keys } } as unknown as Instance;
  });

  it('is read under any key of the instance that signed it, expired or not', async () => {
    for (const key of [rsa, hmac])
      expect(await readToken(instance, await sign(key, claims))).toEqual({ claims, kind: 'access_token' });
  });

  it('is recognized as an ID token by at_hash, and as an entity token by its grant', async () => {
    expect(await readToken(instance, await sign(rsa, { ...claims, at_hash: 'x' }))).toMatchObject({
      kind: 'id_token',
    });
    expect(await readToken(instance, await sign(rsa, claims, ['client_credentials']))).toMatchObject({
      kind: 'entity_token',
    });
  });

  it('is rejected if another instance signed it, under its own key id or one of ours', async () => {
    expect(await readToken(instance, await sign(foreign, claims))).toBeUndefined();
    expect(await readToken(instance, await sign({ ...foreign, kid: rsa.kid }, claims))).toBeUndefined();
  });

  it('is rejected if its algorithm differs from its key’s, even with a valid signature', async () => {
    const other = `${part({ alg: 'RS512', kid: rsa.kid })}.${part(claims)}`;
    const signature = createSign('sha512').update(other).sign(rsa.privateKey!, 'base64url');
    expect(await readToken(instance, `${other}.${signature}`)).toBeUndefined();

    const confused = `${part({ alg: 'HS256', kid: rsa.kid })}.${part(claims)}`;
    const mac = createHmac('sha256', publicKeyPem(rsa)!).update(confused).digest('base64url');
    expect(await readToken(instance, `${confused}.${mac}`)).toBeUndefined();

    expect(
      await readToken(instance, `${part({ alg: 'none', kid: rsa.kid })}.${part(claims)}.`),
    ).toBeUndefined();
  });

  it('is rejected if it was modified or is not a token', async () => {
    const [head, , signature] = (await sign(rsa, claims)).split('.');
    expect(
      await readToken(instance, `${head}.${part({ ...claims, sub: 'eve' })}.${signature}`),
    ).toBeUndefined();
    expect(await readToken(instance, 'abc')).toBeUndefined();
  });

  it.each([
    [{ exp: 10 }, 9_999, true],
    [{ exp: 10 }, 10_000, false],
    [{ exp: 10, nbf: 5 }, 4_999, false],
    [{ exp: 10, nbf: 5 }, 5_000, true],
    [{}, 0, false],
  ])('with %j is current at %i ms: %s', (times, now, current) => {
    expect(isCurrent(times, now)).toBe(current);
  });

  it('is presented as a bearer token, else in the cookie', () => {
    expect(presentedToken({ authorization: 'Bearer a.b.c', cookie: 'access_token=d' })).toBe('a.b.c');
    expect(presentedToken({ authorization: 'Basic a', cookie: 'access_token=d' })).toBe('d');
    expect(presentedToken({})).toBeUndefined();
  });
});
