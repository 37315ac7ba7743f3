import { randomBytes, randomUUID } from 'node:crypto';
import { applicationId, tenantId } from '../../tools/issuer/src/token-minter.js';
import { everyOperation } from '../../tools/sandbox/src/controls/faults.js';
import { type ContractWorld, type Door, startContractWorld } from './contract-world.js';

describe('a set-up that cannot work is reported at the start, with its remedy', () => {
  let world: ContractWorld;
  beforeAll(async () => (world = await startContractWorld()));
  afterAll(() => world.close());

  /** Returns the guard's findings about its readiness; all of them must be in the log too. */
  async function findings(env: Record<string, string>): Promise<readonly string[]> {
    const door: Door = await world.open(env);
    const { ready, reasons } = door.authenticator.readiness();
    expect(ready).toBe(true);
    const written = await door.written();
    for (const reason of reasons) expect(written).toContain(JSON.stringify(reason).slice(1, -1));
    for (const secret of Object.values(env).filter((value) => value.length > 30))
      expect(written).not.toContain(secret);
    await door.close();
    return reasons;
  }

  async function keyFor(endpoints: object): Promise<string> {
    const key = randomBytes(32).toString('base64url');
    await world.admin('POST', '/api/api-key', { apiKey: { key, tenantId, permissions: { endpoints } } });
    return key;
  }

  it.each([
    { AUTH_STRATEGY: 'jwt' },
    { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'introspection', FUSIONAUTH_ISSUER: 'gatehouse.example' },
    { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'session', FUSIONAUTH_ENTITY_ID: randomUUID() },
    { AUTH_STRATEGY: 'api-key' },
    { AUTH_STRATEGY: 'email-token' },
  ])('nothing is reported for a correct one: %j', async (env) => {
    expect(await findings(env)).toEqual([]);
  });

  it('an issuer that the tenant does not have', async () => {
    expect(await findings({ FUSIONAUTH_ISSUER: 'https://auth.example.com' })).toEqual([
      'FUSIONAUTH_ISSUER is "https://auth.example.com", but the tenant\'s tokens say "gatehouse.example": unset it, or correct it or the issuer of the tenant.',
    ]);
  });

  it('an application that signs with a shared secret', async () => {
    const { application } = await world.admin<{ application: { jwtConfiguration: object } }>(
      'GET',
      `/api/application/${applicationId}`,
    );
    const set = (jwtConfiguration: object) =>
      world.admin('PATCH', `/api/application/${applicationId}`, { application: { jwtConfiguration } });
    await set({ ...application.jwtConfiguration, enabled: false });
    try {
      expect(await findings({})).toEqual([expect.stringMatching(/HS256.*accessTokenKeyId/)]);
    } finally {
      await set(application.jwtConfiguration);
    }
  });

  it('an application that does not exist', async () => {
    expect(await findings({ FUSIONAUTH_APPLICATION_ID: randomUUID() })).toEqual([
      expect.stringContaining('either the application does not exist'),
    ]);
  });

  it('a client secret that FusionAuth refuses', async () => {
    expect(await findings({ JWT_VALIDATION: 'introspection', FUSIONAUTH_CLIENT_SECRET: 'wrong' })).toEqual([
      expect.stringMatching(/^FusionAuth refuses FUSIONAUTH_CLIENT_SECRET for introspection: set it/),
    ]);
  });

  it('a probe group that does not exist', async () => {
    const env = { AUTH_STRATEGY: 'api-key', FUSIONAUTH_PROBE_GROUP_ID: randomUUID() };
    expect(await findings(env)).toEqual([
      expect.stringMatching(/^FUSIONAUTH_PROBE_GROUP_ID does not name a group.*create a group/),
    ]);
  });

  it('a key of our own that is too weak, with what it must permit', async () => {
    const key = await keyFor({ '/api/user': ['GET'] });
    expect(await findings({ JWT_VALIDATION: 'session', FUSIONAUTH_API_KEY: key })).toEqual([
      'FUSIONAUTH_API_KEY is refused for GET /api/jwt/refresh, GET /api/user/action: make a key that permits GET /api/jwt/refresh, GET /api/user, GET /api/user/action, bound to the tenant, and set it.',
    ]);
    expect(await findings({ AUTH_STRATEGY: 'email-token', FUSIONAUTH_API_KEY: key })).toEqual([
      expect.stringContaining('is refused for POST /api/login'),
    ]);
  });

  it.each([
    ['reads applications', { '/api/login': ['POST'], '/api/application': ['GET'] }, 'GET /api/application,'],
    ['may do everything', {}, 'GET /api/application,'],
  ])('a key of our own that is too strong: it %s', async (_what, endpoints, opens) => {
    const key = await keyFor(endpoints);
    expect(await findings({ AUTH_STRATEGY: 'email-token', FUSIONAUTH_API_KEY: key })).toEqual([
      expect.stringContaining(`FUSIONAUTH_API_KEY permits ${opens}`),
    ]);
  });

  it('a FusionAuth that is down is no finding, and is called again', async () => {
    world.sandbox.faults.set(everyOperation, { answer: 'reset' });
    const door = await world.open({ FUSIONAUTH_ISSUER: 'https://auth.example.com' });
    world.sandbox.faults.clear();
    expect(door.authenticator.readiness().reasons.join()).not.toContain('https://auth.example.com');
    expect(await door.written()).toContain('cannot be checked; retrying');
  });
});
