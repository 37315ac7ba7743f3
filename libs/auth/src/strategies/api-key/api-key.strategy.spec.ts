import { randomUUID } from 'node:crypto';
import { createLogger, Secret } from '#gatehouse/platform';
import { extractFrom, verifyBy } from '../../../../../test/support/strategy-under-test.js';
import { forbidden, rejected } from '../../core/failure.js';
import type { StrategyParts } from '../define-strategy.js';
import { inProcessMemory } from '../memory.js';
import { apiKeySubject, createApiKey } from './api-key.strategy.js';
import { mintApiKey } from './issued-key.js';

const config = {
  FUSIONAUTH_APPLICATION_ID: 'our-app',
  FUSIONAUTH_TENANT_ID: 'our-tenant',
  FUSIONAUTH_PROBE_GROUP_ID: 'probe',
  API_KEY_FORMAT: 'any' as const,
  API_KEY_DEFAULT_ROLES: ['todo-reader'],
  PRINCIPAL_KEY: new Secret('principal-key'),
};
const key = 'k'.repeat(40);
const day = 24 * 3_600_000;

function world(changes: Partial<typeof config> | { API_KEY_FORMAT: 'issued' } = {}) {
  const state = {
    now: 0,
    probe: 'good',
    opensMore: false,
    probes: 0,
    canaries: 0,
    roles: undefined as string[] | undefined,
  };
  const lines: string[] = [];
  const clock = () => state.now;
  const parts = {
    fusionAuth: {
      apiKeys: {
        probe: () => ((state.probes += 1), Promise.resolve(state.probe)),
        opensMore: () => ((state.canaries += 1), Promise.resolve(state.opensMore)),
      },
    },
    memory: { ...inProcessMemory(clock), rolesOfApiKey: () => Promise.resolve(state.roles) },
    clock,
    log: createLogger('test', 'info', { write: (line) => void lines.push(line) }),
  } as unknown as StrategyParts;
  const strategy = createApiKey({ ...config, ...changes }, parts);
  return {
    state,
    lines,
    strategy,
    verify: (text = key) => verifyBy(strategy, text),
  };
}

const subject = apiKeySubject(key, config);

describe('an API key', () => {
  it('makes a machine of its tenant, known by a keyed hash, with the default roles', async () => {
    expect(await world().verify()).toEqual({
      ok: true,
      principal: {
        subject,
        issuer: 'fusionauth-tenant:our-tenant',
        kind: 'machine',
        via: 'api-key',
        tenantId: 'our-tenant',
        roles: ['todo-reader'],
        credentialId: subject,
      },
    });
    expect(subject).not.toContain(key);
    expect(apiKeySubject(key, { PRINCIPAL_KEY: new Secret('another') })).not.toBe(subject);
  });

  it.each([[['todo-writer']], [[]]])('has the roles that are recorded for it: %j', async (roles) => {
    const { state, verify } = world();
    state.roles = roles;
    expect(await verify()).toMatchObject({ ok: true, principal: { roles } });
  });

  it('of our own make is named by its id', async () => {
    const id = randomUUID();
    expect(await world().verify(mintApiKey(id))).toMatchObject({ principal: { credentialId: id } });
  });

  it('is distinguished from every other, and described', () => {
    const { strategy } = world();
    expect(strategy.key(key)).not.toBe(strategy.key('k'.repeat(41)));
    expect(strategy).toMatchObject({
      name: 'api-key',
      description: 'FusionAuth API key',
      challenge: { scheme: 'ApiKey' },
      consumes: [{ in: 'header', name: 'X-API-Key' }],
    });
  });

  it('is refused when FusionAuth refuses it', async () => {
    const { state, verify } = world();
    state.probe = 'refused';
    expect(await verify()).toEqual(rejected('unknown-key'));
  });

  it('that does not find the probe group is refused for an hour after another key found it; before and after, it is our fault', async () => {
    const { state, verify } = world();
    const missing = {
      failure: {
        kind: 'unavailable',
        blame: 'own-credentials',
        operation: expect.stringContaining('FUSIONAUTH_PROBE_GROUP_ID'),
      },
    };
    state.probe = 'elsewhere';
    expect(await verify()).toMatchObject(missing);
    state.probe = 'good';
    await verify('another-key-of-this-tenant');
    state.probe = 'elsewhere';
    state.now = 3_599_999;
    expect(await verify()).toEqual(rejected('other-tenant'));
    state.now = 3_600_000;
    expect(await verify()).toMatchObject(missing);
  });

  it('that read the probe group before is not refused because the group is gone', async () => {
    const { state, verify } = world();
    await verify();
    state.probe = 'elsewhere';
    expect(await verify()).toMatchObject({ failure: { kind: 'unavailable', blame: 'own-credentials' } });
  });

  it('that permits more is refused with an alert that does not contain it', async () => {
    const { state, lines, verify } = world();
    state.opensMore = true;
    expect(await verify()).toEqual(forbidden('over-privileged', { code: 'over_privileged_key' }));
    expect(JSON.parse(lines.join(''))).toMatchObject({
      level: 'error',
      event: 'over-privileged-key',
      credentialId: subject,
      msg: expect.stringContaining('replace it'),
    });
    expect(lines.join('')).not.toContain(key);
    await verify();
    expect(state.canaries).toBe(2);
  });

  it('is tried once a day on endpoints that it must not be able to read, and accepted in between', async () => {
    const { state, verify } = world();
    for (const now of [1, 2, day]) {
      state.now = now;
      expect(await verify()).toMatchObject({ ok: true });
    }
    expect(state.canaries).toBe(1);
    state.now = day + 1;
    await verify();
    expect([state.canaries, state.probes]).toEqual([2, 4]);
  });
});

describe('the X-API-Key header', () => {
  const extractedBy = (format: 'any' | 'issued', ...values: string[]) =>
    extractFrom(world({ API_KEY_FORMAT: format }).strategy, {
      header: (name: string) => (name === 'x-api-key' ? values : []),
    });
  const extracted = (...values: string[]) => extractedBy('any', ...values);

  it('is recognised by the form of its key where only keys of our own make are accepted', () => {
    const issued = mintApiKey(randomUUID());
    expect(extractedBy('issued', key)).toEqual(rejected('not-issued'));
    expect(extractedBy('issued', issued)).toEqual({ credential: issued });
    expect(extractedBy('issued', 'short')).toMatchObject({ failure: { kind: 'malformed' } });
  });

  // cspell:ignore Zaz
  it.each(['k'.repeat(20), 'k'.repeat(256), 'AZaz09._~-'.repeat(2)])('holds a key: %s', (value) => {
    expect(extracted(value)).toEqual({ credential: value });
  });

  it.each([
    '',
    'k'.repeat(19),
    'k'.repeat(257),
    `${'k'.repeat(20)} x`,
    `Bearer ${'k'.repeat(20)}`,
    `${'k'.repeat(20)}\n`,
  ])('is malformed: %j', (value) => {
    expect(extracted(value)).toMatchObject({
      failure: { kind: 'malformed', detail: expect.stringContaining('20 to 256') },
    });
  });

  it('may be missing, and must not come twice', () => {
    expect(extracted()).toBeUndefined();
    expect(extracted(key, key)).toMatchObject({
      failure: { kind: 'malformed', detail: expect.stringContaining('more than once') },
    });
  });
});
