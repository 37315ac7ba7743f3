import { type FusionAuthData, FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { Secret } from '#gatehouse/platform';
import type { AuthConfig } from '../settings.js';
import { catalogue } from './index.js';

const shared = {
  FUSIONAUTH_APPLICATION_ID: 'our-app',
  FUSIONAUTH_TENANT_ID: 'our-tenant',
  FUSIONAUTH_DEADLINE_MS: 800,
  TOKEN_LOCATION: ['header'],
  TOKEN_COOKIE: ['app.at'],
};
const ownKey = { FUSIONAUTH_API_KEY: new Secret('own-key') };
type Config = AuthConfig;

/** Sets only what the test needs. */
const config = (changes: Partial<Config> = {}) => ({ ...shared, ...changes }) as Config;

describe('a strategy says which settings it misses', () => {
  it.each<[keyof typeof catalogue, Partial<Config>, RegExp[]]>([
    ['jwt', { JWT_VALIDATION: 'local' }, []],
    ['jwt', { JWT_VALIDATION: 'introspection' }, []],
    ['jwt', { JWT_VALIDATION: 'session' }, [/^FUSIONAUTH_API_KEY: is required for JWT_VALIDATION session/]],
    ['jwt', { JWT_VALIDATION: 'session', ...ownKey }, []],
    ['email-token', {}, [/^FUSIONAUTH_API_KEY: is required for AUTH_STRATEGY email-token/]],
    ['email-token', ownKey, []],
    ['api-key', {}, [/^FUSIONAUTH_PROBE_GROUP_ID: is required/, /^PRINCIPAL_KEY: is required/]],
    ['api-key', { FUSIONAUTH_PROBE_GROUP_ID: 'probe' }, [/^PRINCIPAL_KEY: is required/]],
    ['api-key', { FUSIONAUTH_PROBE_GROUP_ID: 'probe', PRINCIPAL_KEY: new Secret('key') }, []],
  ])('%s with %j', (name, changes, sentences) => {
    expect(catalogue[name].problems(config(changes))).toEqual(
      sentences.map((sentence) => expect.stringMatching(sentence)),
    );
  });
});

describe('a strategy says what our own key must permit', () => {
  const ofUsers = ['GET /api/jwt/refresh', 'GET /api/user', 'GET /api/user/action'];
  it.each<[keyof typeof catalogue, Partial<Config>, string[]]>([
    ['jwt', { JWT_VALIDATION: 'local', FUSIONAUTH_ENTITY_ID: 'entity' }, []],
    ['jwt', { JWT_VALIDATION: 'introspection', FUSIONAUTH_ENTITY_ID: 'entity' }, []],
    ['jwt', { JWT_VALIDATION: 'session' }, ofUsers],
    [
      'jwt',
      { JWT_VALIDATION: 'session', FUSIONAUTH_ENTITY_ID: 'entity' },
      [...ofUsers, 'GET /api/entity', 'GET /api/entity/grant'],
    ],
    ['api-key', {}, []],
    ['email-token', {}, ['POST /api/login']],
  ])('%s with %j', (name, changes, endpoints) => {
    expect(catalogue[name].ownKeyPermissions(config(changes))).toEqual(endpoints);
  });
});

describe('a strategy examines FusionAuth', () => {
  const refusal = new FusionAuthRefusedUs('introspection', 'FUSIONAUTH_CLIENT_SECRET');
  const ourTime = 1_000_000;
  const well = {
    readIssuer: () => Promise.resolve('acme.com'),
    hasPublicKey: (id: string) => Promise.resolve(id === 'our-app'),
    introspect: () => Promise.resolve(false),
    readClock: () => Promise.resolve<number | undefined>(ourTime),
  };
  const skew = { CLOCK_SKEW_SECONDS: 30 };
  const examined = (changes: Partial<Config>, has: object = {}) =>
    catalogue.jwt.selfCheck?.(
      config({ ...skew, ...changes }),
      { ...well, ...has } as unknown as FusionAuthData,
      () => ourTime,
    );

  it.each<Partial<Config>>([
    { JWT_VALIDATION: 'local' },
    { JWT_VALIDATION: 'introspection', FUSIONAUTH_ISSUER: 'acme.com' },
  ])('and finds nothing where all is well: %j', async (changes) => {
    expect(await examined(changes)).toEqual([]);
  });

  it('for its issuer only where another is configured', async () => {
    expect(await examined({ FUSIONAUTH_ISSUER: 'https://acme.com' })).toEqual([
      expect.stringMatching(/^FUSIONAUTH_ISSUER is "https:\/\/acme.com".*say "acme.com": unset it/),
    ]);
    await expect(examined({}, { readIssuer: () => Promise.reject(new Error('asked')) })).resolves.toEqual([]);
  });

  it('for a public key of the application', async () => {
    expect(await examined({ FUSIONAUTH_APPLICATION_ID: 'another' })).toEqual([
      expect.stringMatching(/^FusionAuth has no public key.*HS256.*accessTokenKeyId/),
    ]);
  });

  it('for the client secret only where introspection needs one', async () => {
    const introspect = (token: string, kind: string) =>
      token && kind === 'user' ? Promise.reject(refusal) : Promise.resolve(false);
    expect(await examined({ JWT_VALIDATION: 'introspection' }, { introspect })).toEqual([
      expect.stringMatching(/^FusionAuth refuses FUSIONAUTH_CLIENT_SECRET/),
    ]);
    expect(await examined({ JWT_VALIDATION: 'session' }, { introspect })).toEqual([]);
  });

  it.each<[string, number | undefined, RegExp[]]>([
    ['differ by as much as is set', ourTime + 32_000, []],
    [
      'are ahead by more',
      ourTime + 33_000,
      [/clock is 33 s ahead of.*CLOCK_SKEW_SECONDS is 30.*not yet valid.*NTP/],
    ],
    ['are behind by more', ourTime - 95_000, [/clock is 95 s behind.*expired.*NTP/]],
    ['cannot be compared', undefined, []],
  ])('for its clock and ours, which %s', async (_what, theirs, findings) => {
    expect(await examined({}, { readClock: () => Promise.resolve(theirs) })).toEqual(
      findings.map((finding) => expect.stringMatching(finding)),
    );
  });

  it('and says so when FusionAuth does not answer', async () => {
    const silence = new FusionAuthUnavailable('introspection', { durationMs: 1 });
    const introspect = () => Promise.reject(silence);
    await expect(examined({ JWT_VALIDATION: 'introspection' }, { introspect })).rejects.toBe(silence);
  });

  it.each<[string, Partial<Config>, boolean | undefined, number]>([
    ['is there', ownKey, true, 0],
    ['is not there', ownKey, false, 1],
    ['cannot be seen with our key', ownKey, undefined, 0],
    ['cannot be looked for without one', {}, false, 0],
  ])('for the probe group, which %s', async (_what, changes, seen, findings) => {
    const seesProbeGroup = () => Promise.resolve(seen);
    const fusionAuth = { ownKey: { seesProbeGroup } } as unknown as FusionAuthData;
    const found = await catalogue['api-key'].selfCheck?.(config(changes), fusionAuth, () => 0);
    expect(found).toEqual(
      Array(findings).fill(
        expect.stringMatching(/^FUSIONAUTH_PROBE_GROUP_ID does not name a group.*create a group/),
      ),
    );
  });
});
