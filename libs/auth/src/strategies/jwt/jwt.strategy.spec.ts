import { createLogger } from '#gatehouse/platform';
import {
  applicationId,
  issuer,
  tenantId,
  tokenMinter,
  type TokenMinter,
} from '../../../../../test/support/token-minter.js';
import type { RequestFacts } from '../../core/request-facts.js';
import type { StrategyParts } from '../strategy-parts.js';
import type { JwtConfig } from './jwt.settings.js';
import { createJwt } from './jwt.strategy.js';

const now = Date.now();
const entityId = 'our-entity';
const defaults = {
  FUSIONAUTH_APPLICATION_ID: applicationId,
  FUSIONAUTH_TENANT_ID: tenantId,
  JWT_VALIDATION: 'local',
  TOKEN_LOCATION: ['header'],
  ALLOWED_ORIGINS: ['https://app.example.com'],
  FUSIONAUTH_ISSUER: issuer,
  CLOCK_SKEW_SECONDS: 30,
  MAX_TOKEN_LIFETIME_SECONDS: 3600,
} as const;

let minter: TokenMinter;
beforeAll(async () => (minter = await tokenMinter(() => now)));

function strategyWith(changes: Partial<JwtConfig> = {}) {
  const asked: string[] = [];
  const state = { active: true, keySet: { keys: [minter.jwk] } as unknown };
  const config = { ...defaults, ...changes } as Parameters<typeof createJwt>[0];
  const parts = {
    fusionAuth: {
      readKeySet: () => Promise.resolve(state.keySet),
      readIssuer: () => Promise.resolve(issuer),
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
    log: createLogger('test', 'silent'),
  } as unknown as StrategyParts;
  const strategy = createJwt(config, parts);
  const signal = AbortSignal.timeout(1_000);
  return { strategy, state, asked, verify: (token: string) => strategy.verify(token, signal) };
}

const reasonOf = (failure: object) => ('reason' in failure ? failure.reason : failure);

describe('where a token is looked for', () => {
  const inHeader = { authorization: 'Bearer in-header' };
  const inCookie = { cookie: 'app.at=in-cookie' };
  const claim = (
    TOKEN_LOCATION: JwtConfig['TOKEN_LOCATION'],
    method: string,
    headers: Record<string, string>,
  ) =>
    strategyWith({ TOKEN_LOCATION }).strategy.claim({
      method,
      header: (name: string) => [headers[name] ?? []].flat(),
    } as unknown as RequestFacts);

  it.each<[JwtConfig['TOKEN_LOCATION'], Record<string, string>, string]>([
    [['header'], { ...inHeader, ...inCookie }, 'in-header'],
    [['cookie'], { ...inHeader, ...inCookie }, 'in-cookie'],
    [['header', 'cookie'], inHeader, 'in-header'],
    [['cookie', 'header'], inCookie, 'in-cookie'],
  ])('%j: of %j it is %s', (where, headers, credential) => {
    expect(claim(where, 'GET', headers)).toEqual({ kind: 'claimed', credential });
  });

  it.each<[JwtConfig['TOKEN_LOCATION'], Record<string, string>]>([
    [['header'], inCookie],
    [['cookie'], inHeader],
    [['header', 'cookie'], {}],
  ])('%j: nothing is there in %j', (where, headers) => {
    expect(claim(where, 'GET', headers)).toEqual({ kind: 'not-mine' });
  });

  it('two tokens are one too many where both places count', () => {
    expect(claim(['header', 'cookie'], 'GET', { ...inHeader, ...inCookie })).toMatchObject({
      kind: 'malformed',
      detail: expect.stringContaining('and in a cookie'),
    });
  });

  it('a cookie needs an allowed origin, a header none', () => {
    const both: JwtConfig['TOKEN_LOCATION'] = ['header', 'cookie'];
    expect(claim(both, 'POST', inCookie)).toMatchObject({ kind: 'forbidden', code: 'csrf_refused' });
    expect(claim(both, 'POST', { ...inCookie, origin: 'https://app.example.com' })).toMatchObject({
      kind: 'claimed',
    });
    expect(claim(both, 'POST', inHeader)).toMatchObject({ kind: 'claimed' });
  });

  it('is what the description of the API says', () => {
    expect(strategyWith().strategy.securityScheme).toMatchObject({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
    });
    expect(strategyWith({ TOKEN_LOCATION: ['cookie'] }).strategy.securityScheme).toMatchObject({
      type: 'apiKey',
      in: 'cookie',
      name: 'app.at',
    });
  });
});

describe('what a token is held against', () => {
  it('local: nothing but the keys', async () => {
    const { strategy, verify, asked } = strategyWith();
    expect(strategy).toMatchObject({ name: 'jwt', cost: 'local', challenge: { scheme: 'Bearer' } });
    expect(strategy).not.toHaveProperty('screen');
    const token = await minter.mint();
    expect(await verify(token)).toMatchObject({ ok: true, principal: { issuer, via: 'jwt' } });
    expect([strategy.fingerprint(token), asked]).toEqual([token, []]);
  });

  it('introspection: FusionAuth’s word too, behind a screen that asks nobody', async () => {
    const { strategy, state, verify, asked } = strategyWith({ JWT_VALIDATION: 'introspection' });
    const token = await minter.mint();
    expect(strategy.cost).toBe('remote');
    expect(await strategy.screen?.(token, AbortSignal.timeout(1_000))).toMatchObject({ ok: true });
    expect(asked).toEqual([]);
    expect(await verify(token)).toMatchObject({ ok: true });
    state.active = false;
    expect(await verify(token)).toMatchObject({ failure: { kind: 'rejected', reason: 'inactive' } });
    expect(asked).toEqual(['introspect user', 'introspect user']);
  });

  it('session: FusionAuth’s records too', async () => {
    const { strategy, verify } = strategyWith({ JWT_VALIDATION: 'session' });
    expect(strategy.cost).toBe('remote');
    expect(await verify(await minter.mint({ sid: 'ended' }))).toMatchObject({
      failure: { reason: 'session-revoked' },
    });
  });

  it.each<[string, Partial<JwtConfig>, Record<string, unknown>, string]>([
    ['its issuer', { FUSIONAUTH_ISSUER: 'another' }, {}, 'issuer'],
    ['the longest life', { MAX_TOKEN_LIFETIME_SECONDS: 59 }, {}, 'lifetime'],
    [
      'the entity, without one',
      {},
      { aud: entityId, applicationId: undefined, roles: undefined, permissions: ['r'] },
      'audience',
    ],
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
    expect(strategy.readiness?.().pending).toEqual([
      expect.stringContaining('issuer is not known'),
      expect.stringContaining('key set of FusionAuth cannot be read'),
    ]);
    expect(await verify(await minter.mint())).toMatchObject({
      failure: { kind: 'unavailable', operation: 'discovery' },
    });
    await strategy.start?.();
    expect(strategy.readiness?.()).toEqual({ pending: [], degraded: [] });
    expect(await verify(await minter.mint())).toMatchObject({ ok: true });
    strategy.close?.();
  });

  it('counts a key that was replaced as a new generation', async () => {
    const { strategy, state, verify } = strategyWith();
    await strategy.start?.();
    expect(strategy.generation?.()).toBe(0);
    const successor = await tokenMinter(() => now, 'RS256', minter.kid);
    state.keySet = { keys: [successor.jwk] };
    await verify(await minter.mint({}, { kid: 'unknown' }));
    expect(strategy.generation?.()).toBe(1);
    strategy.close?.();
  });
});
