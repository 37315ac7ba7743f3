import { createHmac, sign } from 'node:crypto';
import { createLogger } from '#gatehouse/platform';
import { publicPem } from '../../../../../tools/issuer/src/signing-key.js';
import {
  applicationId,
  issuer,
  signJws,
  tenantId,
  type TokenMinter,
  tokenMinter,
  userClaims,
} from '../../../../../tools/issuer/src/token-minter.js';
import { unavailable } from '../../core/failure.js';
import type { Verdict } from '../../core/strategy.js';
import { type EngineName, engines } from './engines/index.js';
import { tokenJudge } from './judge.js';
import { KeySource } from './key-source.js';

const now = Date.now();
const clock = () => now;
const expected = { issuer, applicationId, tenantId, clockSkewSeconds: 30, maxLifetimeSeconds: 3600 };
const log = createLogger('test', 'silent');
const reason = (verdict: Verdict) =>
  verdict.ok ? 'accepted' : 'reason' in verdict.failure ? verdict.failure.reason : verdict.failure.kind;

const names = Object.keys(engines) as EngineName[];

describe.each(names)('a token judged offline, its signature by %s', (name) => {
  const engine = engines[name];
  let minter: TokenMinter;
  let verify: (token: string) => Promise<Verdict>;
  let fetches = 0;

  beforeAll(() => {
    minter = tokenMinter(clock);
    const fetchKeySet = () => {
      fetches += 1;
      return Promise.resolve({ keys: [minter.jwk] });
    };
    const keys = new KeySource({ fetchKeySet, clock, log });
    const judge = tokenJudge({ keys, engine, clock, expectation: () => expected });
    verify = async (token) => judge(token);
  });

  it('accepts a token of FusionAuth', async () => {
    expect(reason(await verify(await minter.mint()))).toBe('accepted');
  });

  it.each(['ES256', 'ES384', 'ES512'] as const)('accepts %s', async (kind) => {
    const elliptic = tokenMinter(clock, kind);
    const keys = new KeySource({ fetchKeySet: () => Promise.resolve({ keys: [elliptic.jwk] }), clock, log });
    const verdict = await tokenJudge({ keys, engine, clock, expectation: () => expected })(
      await elliptic.mint(),
    );
    expect(reason(verdict)).toBe('accepted');
  });

  it.each([
    ['the header is not an object', 0, 'W10'],
    ['the claims are not an object', 1, 'W10'],
    ['the signature has stray bits', 2, 'e33'],
  ])('refuses a text in which %s, without a key', async (_what, place, segment) => {
    const before = fetches;
    const text = (await minter.mint()).split('.').with(place, segment).join('.');
    expect(reason(await verify(text))).toBe('not-a-token');
    expect(fetches).toBe(before);
  });

  it.each([
    ['expired', { iat: now / 1000 - 60, exp: now / 1000 - 29 }],
    ['not valid yet', { nbf: now / 1000 + 29 }],
  ])('accepts a token %s by less than clocks may differ', async (_how, times) => {
    expect(reason(await verify(await minter.mint(times)))).toBe('accepted');
  });

  it('refuses a token of an unknown key', async () => {
    expect(reason(await verify(await minter.mint({}, { kid: 'never-seen' })))).toBe('unknown-key');
  });

  it('refuses a token whose payload was changed', async () => {
    const [header, , signature] = (await minter.mint()).split('.');
    const payload = Buffer.from(JSON.stringify({ ...userClaims(now), roles: ['todo-auditor'] })).toString(
      'base64url',
    );
    expect(reason(await verify(`${header}.${payload}.${signature}`))).toBe('signature');
  });

  it('refuses a token signed by another key under a known key id', async () => {
    const stranger = tokenMinter(clock, 'RS256', minter.kid);
    expect(reason(await verify(await stranger.mint()))).toBe('signature');
  });

  it('refuses HMAC with the public key as the secret', async () => {
    const pem = publicPem(minter.privateKey);
    const input = [{ alg: 'HS256', typ: 'JWT', kid: minter.kid }, userClaims(now)]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const mac = createHmac('sha256', pem).update(input).digest('base64url');
    expect(reason(await verify(`${input}.${mac}`))).toBe('symmetric-algorithm');
  });

  it('refuses an algorithm that the key does not have, with a valid signature', async () => {
    const payload = JSON.stringify(userClaims(now));
    const token = await signJws(payload, { alg: 'RS512', typ: 'JWT', kid: minter.kid }, minter.privateKey);
    expect(reason(await verify(token))).toBe('algorithm-of-key');
  });

  it('refuses an elliptic-curve signature that is not two numbers of fixed length', async () => {
    const elliptic = tokenMinter(clock, 'ES256');
    const keys = new KeySource({ fetchKeySet: () => Promise.resolve({ keys: [elliptic.jwk] }), clock, log });
    const judge = tokenJudge({ keys, engine, clock, expectation: () => expected });
    const signed = (await elliptic.mint()).split('.').slice(0, 2).join('.');
    const der = sign('sha256', Buffer.from(signed), elliptic.privateKey).toString('base64url');
    expect(reason(await judge(`${signed}.${der}`))).toBe('signature');
  });

  it('refuses a token signed with the key of webhooks, even with perfect claims', async () => {
    const keys = new KeySource({ fetchKeySet: () => Promise.resolve({ keys: [minter.jwk] }), clock, log });
    const settings = { keys, engine, clock, expectation: () => expected };
    const token = await minter.mint();
    expect(reason(await tokenJudge({ ...settings, webhookKeyId: minter.kid })(token))).toBe('webhook-key');
    expect(reason(await tokenJudge({ ...settings, webhookKeyId: 'another' })(token))).toBe('accepted');
  });

  it('answers synchronously where the key is cached', async () => {
    const keys = new KeySource({ fetchKeySet: () => Promise.resolve({ keys: [minter.jwk] }), clock, log });
    await keys.refresh();
    const judge = tokenJudge({ keys, engine, clock, expectation: () => expected });
    expect(judge(await minter.mint())).not.toBeInstanceOf(Promise);
  });

  it('fetches no key for a token that its claims disqualify', async () => {
    const before = fetches;
    const token = await minter.mint({ aud: 'someone-else' }, { kid: 'never-seen' });
    expect(reason(await verify(token))).toBe('audience');
    expect(fetches).toBe(before);
  });

  it('says that a user is not registered only behind a valid signature', async () => {
    const unregistered = { applicationId: undefined, roles: undefined };
    expect(reason(await verify(await minter.mint(unregistered)))).toBe('not-registered');
    const stranger = tokenMinter(clock, 'RS256', minter.kid);
    expect(reason(await verify(await stranger.mint(unregistered)))).toBe('signature');
  });

  it('is unavailable, not refusing, while issuer or keys are unknown', async () => {
    const keys = new KeySource({ fetchKeySet: () => Promise.reject(new Error('down')), clock, log });
    const token = await minter.mint();
    const unknownIssuer = tokenJudge({ keys, engine, clock, expectation: () => undefined });
    expect(await unknownIssuer(token)).toEqual(unavailable('discovery'));
    const unknownKeys = tokenJudge({ keys, engine, clock, expectation: () => expected });
    expect(await unknownKeys(token)).toEqual(unavailable('key set'));
  });
});
