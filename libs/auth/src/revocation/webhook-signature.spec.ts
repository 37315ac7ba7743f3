import { createHash, createHmac, type KeyObject, sign } from 'node:crypto';
import { createLogger } from '#gatehouse/platform';
import { ecKey, publishedKey, rsaKey } from '../../../../tools/issuer/src/signing-key.js';
import { encode, signJws, type TokenMinter, tokenMinter } from '../../../../tools/issuer/src/token-minter.js';
import { KeySource } from '../strategies/jwt/key-source.js';
import { forbiddenHeaders } from '../strategies/jwt/reasons.js';
import { isOfBody, verifySignature, type WebhookKey } from './webhook-signature.js';

const body = Buffer.from('{"event":{"type":"user.delete","user":{"firstName":"Zoë"}}}');
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');
const claims = { request_body_sha256: digestOf(body) };
const log = createLogger('test', 'silent');

const signed = (key: TokenMinter, payload: object = claims, header: object = {}) =>
  signJws(JSON.stringify(payload), { alg: key.alg, typ: 'JWT', kid: key.kid, ...header }, key.privateKey);

async function keySource(...jwks: unknown[]) {
  const keys = new KeySource({ fetchKeySet: () => Promise.resolve({ keys: jwks }), clock: Date.now, log });
  await keys.refresh();
  return keys;
}

async function faultBy(key: WebhookKey, signature: string | undefined, bytes: Uint8Array = body) {
  const signed = await verifySignature(signature, key);
  if (typeof signed === 'string') return signed;
  return isOfBody(signed, bytes) ? undefined : 'digest';
}

describe('the signature of a webhook', () => {
  let key: TokenMinter;
  let other: TokenMinter;
  let keys: KeySource;
  const faultOf = (signature: string | undefined, bytes?: Uint8Array) =>
    faultBy({ kid: key.kid, keys }, signature, bytes);

  beforeAll(async () => {
    [key, other] = [tokenMinter(Date.now, 'ES256'), tokenMinter()];
    keys = await keySource(key.jwk, other.jwk);
  });

  it.each(['RS256', 'ES256', 'ES384', 'ES512'] as const)('is valid with a key for %s', async (kind) => {
    const one = tokenMinter(Date.now, kind);
    const pinned = { kid: one.kid, keys: await keySource(other.jwk, one.jwk) };
    await expect(faultBy(pinned, await signed(one))).resolves.toBeUndefined();
  });

  it.each(['RS384', 'RS512'])('is valid with a key for %s', async (alg) => {
    const one = publishedKey(alg, rsaKey());
    const jws = await signJws(JSON.stringify(claims), { alg, kid: one.kid }, one.privateKey);
    const pinned = { kid: one.kid, keys: await keySource(one.jwk) };
    await expect(faultBy(pinned, jws)).resolves.toBeUndefined();
  });

  it('is valid with claims besides the digest, which prove nothing', async () => {
    await expect(faultOf(await signed(key, { ...claims, iat: 1 }))).resolves.toBeUndefined();
  });

  it.each([undefined, ''])('is missing where the header is %p', async (nothing) => {
    await expect(faultOf(nothing)).resolves.toBe('no-signature');
  });

  it('is not valid for another body, not even for one that differs by a byte', async () => {
    const jws = await signed(key);
    await expect(faultOf(jws, Buffer.concat([body, Buffer.from('\n')]))).resolves.toBe('digest');
    await expect(faultOf(jws, Buffer.alloc(0))).resolves.toBe('digest');
  });

  it.each([
    ['without padding', digestOf(body).replace('=', '')],
    ['in base64url', createHash('sha256').update(body).digest('base64url')],
    ['in hexadecimal', createHash('sha256').update(body).digest('hex')],
    ['that is a list', [digestOf(body)]],
    ['that is absent', undefined],
  ])('is not valid with a digest %s', async (_form, digest) => {
    const jws = await signed(key, { request_body_sha256: digest });
    await expect(faultOf(jws)).resolves.toBe('digest');
  });

  it('must be by the pinned key, although the key set contains the other', async () => {
    await expect(faultOf(await signed(other))).resolves.toBe('key-id');
    await expect(faultOf(await signed(key, claims, { kid: undefined }))).resolves.toBe('key-id');
  });

  it('must be valid by the key that it names', async () => {
    const impostor = await signJws(JSON.stringify(claims), { alg: 'ES256', kid: key.kid }, ecKey('P-256'));
    await expect(faultOf(impostor)).resolves.toBe('signature');
    const [header, , signature] = (await signed(key)).split('.');
    await expect(faultOf(`${header}.${encode({ request_body_sha256: 'x' })}.${signature}`)).resolves.toBe(
      'signature',
    );
  });

  it.each([
    ['HS256', (input: string) => createHmac('sha256', 'secret').update(input).digest()],
    ['EdDSA', () => Buffer.alloc(64, 1)],
    ['none', () => Buffer.alloc(1)],
  ])('is refused by its algorithm where that is %s', async (alg, signature) => {
    const input = `${encode({ alg, kid: key.kid })}.${encode(claims)}`;
    await expect(faultOf(`${input}.${encode(signature(input))}`)).resolves.toBe('algorithm');
  });

  it('must be by the algorithm that its key is for', async () => {
    const rsa: KeyObject = other.privateKey;
    const input = `${encode({ alg: 'RS512', kid: other.kid })}.${encode(claims)}`;
    const jws = `${input}.${encode(sign('sha512', Buffer.from(input), rsa))}`;
    await expect(faultBy({ kid: other.kid, keys }, jws)).resolves.toBe('algorithm');
  });

  it.each([...forbiddenHeaders, 'x5t', 'x5t#S256'])('may not have %s in its header', async (name) => {
    await expect(faultOf(await signed(key, claims, { [name]: 'x' }))).resolves.toBe('form');
  });

  it.each([
    ['no JWS', 'signature'],
    ['without a signature', 'e30.e30.'],
    ['whose header is no JSON', `${encode('{')}.${encode(claims)}.AAAA`],
    ['whose claims are a list', `${encode({ alg: 'ES256' })}.${encode('[]')}.AAAA`],
    ['of more than 8,192 characters', `${encode('x'.repeat(8_000))}.e30.AAAA`],
  ])('is refused by its form where it is one %s', async (_what, text) => {
    await expect(faultOf(text)).resolves.toBe('form');
  });

  it('is refused where a claim occurs twice', async () => {
    const twice = `{"request_body_sha256":"x","request_body_sha256":"${claims.request_body_sha256}"}`;
    const jws = await signJws(twice, { alg: 'ES256', kid: key.kid }, key.privateKey);
    await expect(faultOf(jws)).resolves.toBe('form');
  });

  it('cannot be judged while the key set cannot be read, whereas a set without the key means a wrong setting', async () => {
    const fetchKeySet = () => Promise.reject(new Error('down'));
    const down = new KeySource({ fetchKeySet, clock: Date.now, log });
    await down.refresh();
    const jws = await signed(key);
    await expect(faultBy({ kid: key.kid, keys: down }, jws)).resolves.toBe('key-unavailable');
    const without = await keySource(other.jwk);
    await expect(faultBy({ kid: key.kid, keys: without }, jws)).resolves.toBe('unknown-key');
  });
});
