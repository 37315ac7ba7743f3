import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { createLogger } from '#gatehouse/platform';
import { extractFrom, verifyBy } from '../../../../../test/support/strategy-under-test.js';
import {
  applicationId,
  issuer,
  tenantId,
  type TokenMinter,
  tokenMinter,
} from '../../../../../tools/issuer/src/token-minter.js';
import type { StrategyParts } from '../define-strategy.js';
import type { JwtConfig } from './jwt.settings.js';
import { createJwt } from './jwt.strategy.js';
import { KeySource } from './key-source.js';

const now = Date.now();
const entityId = 'our-entity';
const defaults = {
  FUSIONAUTH_APPLICATION_ID: applicationId,
  FUSIONAUTH_TENANT_ID: tenantId,
  JWT_VALIDATION: 'local',
  JWT_ENGINE: 'node',
  TOKEN_LOCATION: ['header'],
  TOKEN_COOKIE: ['app.at'],
  ALLOWED_ORIGINS: ['https://app.example.com'],
  FUSIONAUTH_ISSUER: issuer,
  CLOCK_SKEW_SECONDS: 30,
  MAX_TOKEN_LIFETIME_SECONDS: 3600,
} as const;

const kid = randomUUID();
let minter: TokenMinter;
beforeAll(() => (minter = tokenMinter(() => now, 'RS256', kid)));

function strategyWith(changes: Partial<Parameters<typeof createJwt>[0]> = {}) {
  const asked: string[] = [];
  const fetched: string[] = [];
  const state = { active: true, away: false, keySet: { keys: [minter.jwk] } as unknown };
  const fetch = <T>(what: string, answer: T) => {
    fetched.push(what);
    return state.away ? Promise.reject(new Error('away')) : Promise.resolve(answer);
  };
  const config = { ...defaults, ...changes } as Parameters<typeof createJwt>[0];
  const log = createLogger('test', 'silent');
  const fetchKeySet = () => fetch('keys', state.keySet);
  const parts = {
    keys: new KeySource({ fetchKeySet, clock: () => now, log }),
    fusionAuth: {
      readIssuer: () => fetch('issuer', issuer),
      introspect: (_token: string, kind: string) => {
        asked.push(`introspect ${kind}`);
        return Promise.resolve(state.active);
      },
      records: {
        session: () => Promise.resolve(undefined),
        user: () => Promise.resolve(undefined),
        locks: () => Promise.resolve([]),
      },
    },
    clock: () => now,
    log,
  } as unknown as StrategyParts;
  const strategy = createJwt(config, parts);
  return { strategy, state, asked, fetched, verify: (token: string) => verifyBy(strategy, token) };
}

const reasonOf = (failure: object) => ('reason' in failure ? failure.reason : failure);

describe('where a token is looked for', () => {
  const inHeader = { authorization: 'Bearer in-header' };
  const inCookie = { cookie: 'app.at=in-cookie' };
  const extracted = (
    TOKEN_LOCATION: JwtConfig['TOKEN_LOCATION'],
    method: string,
    headers: Record<string, string>,
  ) =>
    extractFrom(strategyWith({ TOKEN_LOCATION }).strategy, {
      method,
      header: (name: string) => [headers[name] ?? []].flat(),
    });

  it.each<[JwtConfig['TOKEN_LOCATION'], Record<string, string>, string]>([
    [['header'], { ...inHeader, ...inCookie }, 'in-header'],
    [['cookie'], { ...inHeader, ...inCookie }, 'in-cookie'],
    [['header', 'cookie'], inHeader, 'in-header'],
    [['cookie', 'header'], inCookie, 'in-cookie'],
  ])('%j: of %j it is %s', (where, headers, credential) => {
    expect(extracted(where, 'GET', headers)).toEqual({ credential });
  });

  it.each<[JwtConfig['TOKEN_LOCATION'], Record<string, string>]>([
    [['header'], inCookie],
    [['cookie'], inHeader],
    [['header', 'cookie'], {}],
  ])('%j: nothing is there in %j', (where, headers) => {
    expect(extracted(where, 'GET', headers)).toBeUndefined();
  });

  it('is every configured place, so that two tokens are one too many', () => {
    const { strategy } = strategyWith({ TOKEN_LOCATION: ['header', 'cookie'] });
    expect(strategy.consumes.map((carrier) => carrier.in)).toEqual(['authorization', 'cookie']);
  });

  it('a cookie needs an allowed origin, a header none', () => {
    const both: JwtConfig['TOKEN_LOCATION'] = ['header', 'cookie'];
    expect(extracted(both, 'POST', inCookie)).toMatchObject({
      failure: { kind: 'forbidden', code: 'csrf_refused' },
    });
    expect(extracted(both, 'POST', { ...inCookie, origin: 'https://app.example.com' })).toEqual({
      credential: 'in-cookie',
    });
    expect(extracted(both, 'POST', inHeader)).toEqual({ credential: 'in-header' });
  });

  it('is what the description of the API says', () => {
    expect(strategyWith().strategy.consumes[0]).toMatchObject({ scheme: 'Bearer', format: 'JWT' });
    expect(strategyWith({ TOKEN_LOCATION: ['cookie'] }).strategy.consumes[0]).toMatchObject({
      name: 'app.at',
    });
  });

  it.each<[Partial<JwtConfig>, string]>([
    [{}, 'FusionAuth access token'],
    [{ TOKEN_COOKIE: ['a', 'b'] }, 'FusionAuth access token'],
    [{ TOKEN_LOCATION: ['cookie'] }, 'FusionAuth access token'],
    [
      { TOKEN_LOCATION: ['header', 'cookie'], TOKEN_COOKIE: ['a', 'b'] },
      'FusionAuth access token, in one of the cookies a, b',
    ],
  ])('is described, with the cookies where there are several: %j', (changes, description) => {
    expect(strategyWith(changes).strategy.description).toBe(description);
  });
});

describe('what a token is held against', () => {
  it('local: only the keys', async () => {
    const { strategy, verify, asked } = strategyWith();
    expect(strategy).toMatchObject({ name: 'jwt', challenge: { scheme: 'Bearer' } });
    expect(strategy).not.toHaveProperty('confirm');
    const token = await minter.mint();
    expect(await verify(token)).toMatchObject({ ok: true, principal: { issuer, via: 'jwt' } });
    expect([strategy.key(token), asked]).toEqual([token, []]);
  });

  it('introspection: FusionAuth’s answer too, after an offline judgement', async () => {
    const { strategy, state, verify, asked } = strategyWith({ JWT_VALIDATION: 'introspection' });
    const token = await minter.mint();
    expect(await strategy.judge?.(token)).toMatchObject({ ok: true });
    expect(asked).toEqual([]);
    expect(await verify(token)).toMatchObject({ ok: true });
    state.active = false;
    expect(await verify(token)).toMatchObject({ failure: { kind: 'rejected', reason: 'inactive' } });
    expect(asked).toEqual(['introspect user', 'introspect user']);
  });

  it('session: FusionAuth’s records too', async () => {
    const { verify } = strategyWith({ JWT_VALIDATION: 'session' });
    expect(await verify(await minter.mint({ sid: 'ended' }))).toMatchObject({
      failure: { reason: 'session-revoked' },
    });
  });

  it.each<[string, Parameters<typeof strategyWith>[0], Record<string, unknown>, string]>([
    ['its issuer', { FUSIONAUTH_ISSUER: 'another' }, {}, 'issuer'],
    ['the longest life', { MAX_TOKEN_LIFETIME_SECONDS: 59 }, {}, 'lifetime'],
    [
      'the entity, without one',
      {},
      { aud: entityId, applicationId: undefined, roles: undefined, permissions: ['r'] },
      'audience',
    ],
    ['the key of webhooks', { WEBHOOK_KEY_ID: kid }, {}, 'webhook-key'],
  ])('by the settings: %s', async (_what, changes, claims, reason) => {
    const { ok, failure } = (await strategyWith(changes).verify(await minter.mint(claims))) as {
      ok: false;
      failure: object;
    };
    expect([ok, reasonOf(failure)]).toEqual([false, reason]);
  });

  it('a machine’s token, against the entity that it is meant for', async () => {
    const claims = {
      aud: entityId,
      sub: 'machine',
      applicationId: undefined,
      roles: undefined,
      permissions: ['r'],
    };
    const { verify } = strategyWith({ FUSIONAUTH_ENTITY_ID: entityId });
    expect(await verify(await minter.mint(claims))).toMatchObject({
      ok: true,
      principal: { kind: 'machine', roles: ['r'] },
    });
  });

  it('clocks may differ by as much as is set', async () => {
    const expired = await minter.mint({ iat: now / 1000 - 60, exp: now / 1000 - 10 });
    expect(await strategyWith().verify(expired)).toMatchObject({ ok: true });
    expect(await strategyWith({ CLOCK_SKEW_SECONDS: 10 }).verify(expired)).toMatchObject({ ok: false });
  });
});

describe('the strategy at its start', () => {
  it('waits for the issuer and the keys, and says so', async () => {
    const { strategy, verify } = strategyWith({ FUSIONAUTH_ISSUER: undefined });
    expect(strategy.background?.readiness().pending).toEqual([
      expect.stringContaining('issuer is not known'),
      expect.stringContaining('key set of FusionAuth cannot be read'),
    ]);
    expect(await verify(await minter.mint())).toMatchObject({
      failure: { kind: 'unavailable', operation: 'discovery' },
    });
    await strategy.background?.start();
    expect(strategy.background?.readiness()).toEqual({ pending: [], degraded: [] });
    expect(strategy.background?.issuer?.()).toBe(issuer);
    expect(await verify(await minter.mint())).toMatchObject({ ok: true });
    strategy.background?.close();
  });

  it('asks for the issuer and the keys again until they are there, and for nothing once closed', async () => {
    jest.useFakeTimers();
    const { strategy, state, fetched } = strategyWith({ FUSIONAUTH_ISSUER: undefined });
    state.away = true;
    await strategy.background?.start();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(fetched.toSorted()).toEqual(['issuer', 'issuer', 'keys', 'keys']);
    strategy.background?.close();
    await jest.advanceTimersByTimeAsync(60_000);
    jest.useRealTimers();
    expect(fetched).toHaveLength(4);
  });

  it('fetches the keys when asked to catch up', async () => {
    const { strategy, fetched } = strategyWith();
    await strategy.background?.catchUp?.();
    expect(fetched).toEqual(['keys']);
  });

  it('counts a key that was replaced as a new generation', async () => {
    const { strategy, state, verify } = strategyWith();
    await strategy.background?.start();
    expect(strategy.background?.generation()).toBe(0);
    const successor = tokenMinter(() => now, 'RS256', minter.kid);
    state.keySet = { keys: [successor.jwk] };
    await verify(await minter.mint({}, { kid: 'unknown' }));
    expect(strategy.background?.generation()).toBe(1);
    strategy.background?.close();
  });
});
