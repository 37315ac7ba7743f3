import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { adaId, applicationId, call, configure, logIn } from '../../started-sandbox.js';
import { sandbox } from '../ground.js';

const keyIds = async () => {
  const answer = await fetch(`${sandbox.url}/.well-known/jwks.json`);
  return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
};

describe('FusionAuth’s keys', () => {
  it('the key of a tenant that signs with HS256 is in no key set', async () => {
    await configure(sandbox, { jwtConfiguration: { enabled: false } });
    const { access_token } = await logIn(sandbox);
    const { alg, kid } = decodeProtectedHeader(access_token);
    expect([alg, (await keyIds()).includes(kid!)]).toEqual(['HS256', false]);
  });

  it('public keys are returned as PEM by application, by kid and all together; a shared secret never is', async () => {
    const publicKey = async (query: string) => {
      const answer = await call(sandbox, 'GET', `/api/jwt/public-key${query}`);
      return [answer.status, answer.body] as const;
    };
    const ofApplication = `?applicationId=${applicationId}`;
    const { kid = '' } = decodeProtectedHeader((await logIn(sandbox)).access_token);
    const pem = expect.stringContaining('BEGIN PUBLIC KEY');
    expect(await publicKey(ofApplication)).toEqual([200, { publicKey: pem }]);
    expect(await publicKey(`?kid=${kid}`)).toEqual(await publicKey(ofApplication));
    expect(await publicKey(`?keyId=${kid}`)).toEqual(await publicKey(''));
    expect(await publicKey('')).toEqual([200, { publicKeys: expect.objectContaining({ [kid]: pem }) }]);
    await configure(sandbox, { jwtConfiguration: { enabled: false } });
    const { kid: shared = '' } = decodeProtectedHeader((await logIn(sandbox)).access_token);
    for (const query of [ofApplication, `?kid=${shared}`, '?kid=nobody', `?applicationId=${adaId}`])
      expect((await publicKey(query))[0]).toBe(404);
  });

  it('an ID token has the key, issuer and audience of an access token', async () => {
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', sandbox.url));
    const expected = { issuer: 'gatehouse.example', audience: applicationId };
    const { access_token, id_token = '' } = await logIn(sandbox);
    for (const token of [access_token, id_token]) {
      const { payload, protectedHeader } = await jwtVerify(token, keys, expected);
      expect([payload.sub, protectedHeader.typ]).toEqual([adaId, 'JWT']);
    }
  });

  it('keys rotate: the new one signs, both are in the key set, and a withdrawn one is not', async () => {
    const { kid, previousKid } = await sandbox.rotateKey();
    expect(decodeProtectedHeader((await logIn(sandbox)).access_token).kid).toBe(kid);
    expect(await keyIds()).toEqual(expect.arrayContaining([kid, previousKid]));
    await sandbox.withdrawKey(previousKid);
    expect(await keyIds()).not.toContain(previousKid);
  });
});
