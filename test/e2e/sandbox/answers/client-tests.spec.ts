import { randomUUID } from 'node:crypto';
import { FusionAuthClient, GrantType } from '@fusionauth/typescript-client';
import { call } from '../started-sandbox.js';
import { sandbox } from './ground.js';

// What the official TypeScript client's own server tests ask of a FusionAuth, in words of our own.
const ownTenant = randomUUID();
const ownApplication = randomUUID();
const password = 'a password for tests';
let client: FusionAuthClient;

beforeEach(async () => {
  client = new FusionAuthClient(sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY']!, sandbox.url);
  const { tenants } = (await client.retrieveTenants()).response;
  const copy = {
    ...(tenants!.find(({ name }) => name === 'Default') ?? tenants![0]),
    id: null,
    name: 'Client tests',
  };
  await client.createTenant(ownTenant, { tenant: copy as never });
  client.setTenantId(ownTenant);
  await client.createApplication(ownApplication, {
    application: {
      name: 'Client tests',
      oauthConfiguration: {
        enabledGrants: [GrantType.password, GrantType.authorization_code],
        authorizedRedirectURLs: ['http://localhost'],
      },
    },
  });
  await client.createUser('', { user: { email: 'Known@example.com', firstName: 'Kim', password } });
  const { systemConfiguration } = (await client.retrieveSystemConfiguration()).response;
  expect(systemConfiguration!.corsConfiguration!.allowedMethods).toEqual(['GET', 'OPTIONS']);
});

const statusOf = async (request: Promise<unknown>): Promise<unknown> =>
  request.then(
    () => 'accepted',
    (error: unknown) => (error as { statusCode?: number }).statusCode,
  );

describe('a suite that follows the tests of the official client', () => {
  it('creates, patches, finds by id and deletes two users', async () => {
    const ids: string[] = [];
    for (const email of ['one@example.com', 'two@example.com']) {
      ids.push(
        (await client.createUser('', { user: { email, firstName: 'Jäne', password } })).response.user!.id!,
      );
    }

    const { response } = await client.patchUser(ids[0]!, { user: { firstName: 'Jan' } });
    expect(response.user).toMatchObject({ firstName: 'Jan', email: 'one@example.com' });
    const found = (await client.searchUsersByIds(ids)).response;
    expect([found.total, found.users!.map(({ id }) => id).sort()]).toEqual([2, [...ids].sort()]);
    for (const id of ids) expect((await client.deleteUser(id)).statusCode).toBe(200);
    expect(await statusOf(client.retrieveUserByEmail('one@example.com'))).toBe(404);
  });

  it('patches an application', async () => {
    const application = { name: 'Patched', loginConfiguration: { allowTokenRefresh: true } };
    const { response } = await client.patchApplication(ownApplication, { application });
    expect(response.application).toMatchObject({ ...application, tenantId: ownTenant });
  });

  it('is refused an application that verifies registrations without a template', async () => {
    const application = { name: 'Wrong', verifyRegistration: true };
    expect(await statusOf(client.createApplication('', { application }))).toBe(400);
  });

  it('receives 404 when nobody has the log-in id', async () => {
    expect(await statusOf(client.login({ loginId: 'nobody', password }))).toBe(404);
  });

  it('finds a user by log-in id', async () => {
    const { user } = (await client.retrieveUserByLoginId('known@example.com')).response;
    expect(user).toMatchObject({ firstName: 'Kim', email: 'known@example.com' });
  });

  it('finds a user by log-in id of a kind, and by no other kind', async () => {
    const by = (kind: string) => client.retrieveUserByLoginIdWithLoginIdTypes('known@example.com', [kind]);
    expect((await by('email')).response.user).toMatchObject({ firstName: 'Kim' });
    expect(await statusOf(by('username'))).toBe(404);
  });

  it('logs in by password grant with the generated secret of the application', async () => {
    const { application } = (await client.retrieveApplication(ownApplication)).response;
    const { clientId, clientSecret } = application!.oauthConfiguration!;
    const exchange = (secret: string) =>
      client.exchangeUserCredentialsForAccessToken(
        'known@example.com',
        password,
        clientId!,
        secret,
        'email openid',
        '',
      );
    expect((await exchange(clientSecret!)).response.access_token).toMatch(/^ey/);
    expect(await statusOf(exchange('another secret'))).toBe(401);
    expect((await call(sandbox, 'GET', '/api/system/version')).body).toEqual({ version: '1.69.0' });
  });
});
