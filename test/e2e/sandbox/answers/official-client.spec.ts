import { randomUUID } from 'node:crypto';
import { FusionAuthClient } from '@fusionauth/typescript-client';
import { decodeJwt } from 'jose';
import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import {
  adaId,
  applicationId,
  configure,
  lockActionId,
  logIn,
  newCode,
  redirectUri,
  startedSandbox,
  tenantId,
} from '../started-sandbox.js';

let sandbox: Sandbox;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startedSandbox());
});
afterAll(() => stop());

const clientWith = (key: string) => new FusionAuthClient(key, sandbox.url, tenantId);

describe("FusionAuth's own TypeScript client", () => {
  it('registers, reads, changes and removes a user', async () => {
    const client = clientWith(sandbox.secrets['FUSIONAUTH_MANAGER_KEY']!);
    const { response } = await client.register('', {
      user: { email: 'dana@example.com', password: 'password of dana' },
      registration: { applicationId, roles: ['todo-reader'] },
      generateAuthenticationToken: true,
    });
    const id = response.user!.id!;
    expect(response.registration?.authenticationToken).toMatch(/^[\w-]{43}$/);
    expect((await client.retrieveUserByEmail('dana@example.com')).response.user?.id).toBe(id);
    expect((await client.patchUser(id, { user: { firstName: 'Dana' } })).response.user?.firstName).toBe(
      'Dana',
    );
    await client.deactivateUser(id);
    expect((await client.retrieveUser(id)).response.user?.active).toBe(false);
    await client.deleteUser(id);
    await expect(client.retrieveUser(id)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('exchanges a code and its refresh token', async () => {
    const client = clientWith('');
    const { code, verifier } = await newCode(sandbox);
    const tokens = await client.exchangeOAuthCodeForAccessTokenUsingPKCE(
      code,
      applicationId,
      '',
      redirectUri,
      verifier,
    );
    expect(decodeJwt(tokens.response.access_token!).iss).toBe('gatehouse.example');
    const again = await client.exchangeRefreshTokenForAccessToken(
      tokens.response.refresh_token!,
      applicationId,
      sandbox.secrets['FUSIONAUTH_CLIENT_SECRET']!,
      'offline_access',
      '',
    );
    expect(again.response.refresh_token).toMatch(/^[\w-]{43}$/);
  });

  it('creates an API key as a key manager and sees a refusal as 401', async () => {
    const manager = clientWith(sandbox.secrets['FUSIONAUTH_MANAGER_KEY']!);
    const { response } = await manager.createAPIKey('', {
      apiKey: { permissions: { endpoints: { '/api/group': ['GET'] } } },
    });
    const client = clientWith(response.apiKey!.key!);
    expect((await client.retrieveGroup('c3e2d1f0-9b8a-4766-8554-433221100ffe')).response.group?.name).toBe(
      'Gatehouse probe',
    );
    await expect(client.retrieveApplication(applicationId)).rejects.toMatchObject({ statusCode: 401 });
  });

  it('logs in with an authentication token, and reads and ends the session that follows', async () => {
    await configure(sandbox, {
      loginConfiguration: { generateRefreshTokens: true, allowTokenRefresh: true },
    });
    const client = clientWith(sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY']!);
    const { response } = await client.login({
      loginId: 'reminder@clients.example.com',
      password: sandbox.secrets['REMINDER_AUTHENTICATION_TOKEN']!,
      applicationId,
    });
    const refreshed = await client.exchangeRefreshTokenForJWT({ refreshToken: response.refreshToken! });
    expect((await client.validateJWT(refreshed.response.token!)).response.jwt?.sub).toBe(response.user!.id);
    const session = await client.retrieveRefreshTokenById(response.refreshTokenId!);
    expect(session.response.refreshToken?.userId).toBe(response.user!.id);
    await client.revokeRefreshTokenById(response.refreshTokenId!);
    await expect(client.retrieveRefreshTokenById(response.refreshTokenId!)).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  it('sends no secret when it introspects, so that the application must need none', async () => {
    const client = clientWith('');
    const { access_token } = await logIn(sandbox);
    const introspect = () => client.introspectAccessToken(applicationId, access_token);
    await expect(introspect()).rejects.toMatchObject({ statusCode: 401 });
    await configure(sandbox, { oauthConfiguration: { clientAuthenticationPolicy: 'NotRequired' } });
    expect((await introspect()).response['active']).toBe(true);
  });

  it('gets a token for an entity and introspects it', async () => {
    const client = clientWith('');
    const scope = 'target-entity:0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';
    const { response } = await client.clientCredentialsGrant(
      '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44',
      sandbox.secrets['REMINDER_ENTITY_SECRET']!,
      scope,
    );
    const { response: claims } = await client.introspectClientCredentialsAccessToken(response.access_token!);
    expect(claims).toMatchObject({ active: true, scope });
  });

  it('locks a user by an action and cancels it', async () => {
    const client = clientWith(sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY']!);
    const { response } = await client.actionUser({
      action: {
        actioneeUserId: adaId,
        actionerUserId: adaId,
        userActionId: lockActionId,
        expiry: sandbox.clock.now() + 60_000,
      },
    });
    const locks = async () => (await client.retrieveActionsPreventingLogin(adaId)).response.actions;
    expect(await locks()).toEqual([expect.objectContaining({ id: response.action!.id })]);
    await client.cancelAction(response.action!.id!, { action: { actionerUserId: adaId } });
    expect(await locks()).toEqual([]);
  });

  it('reads the set-up as it was made, and adds to it', async () => {
    const client = clientWith(sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY']!);
    const { tenant } = (await client.retrieveTenant(tenantId)).response;
    expect(tenant).toMatchObject({ id: tenantId, failedAuthenticationConfiguration: { tooManyAttempts: 5 } });
    const { userAction } = (await client.retrieveUserAction(lockActionId)).response;
    expect(userAction).toMatchObject({ id: lockActionId, preventLogin: true });
    const keyId = '5d0f7a66-2c51-4a5b-9f0e-6c1d2b3a4e5f';
    const { key } = (await client.retrieveKey(keyId)).response;
    expect(key).toMatchObject({ id: keyId, algorithm: 'RS256', type: 'RSA', length: 2048 });
    expect(JSON.stringify(key)).not.toContain('PRIVATE');
    expect((await client.retrieveWebhooks()).response.webhooks).toEqual([]);

    const lambdaId = 'e4b7c9d2-6f18-4c3a-8e5d-2a9b7f604c11';
    await client.patchLambda(lambdaId, { lambda: { debug: true } });
    expect((await client.retrieveLambda(lambdaId)).response.lambda).toMatchObject({
      debug: true,
      body: expect.stringContaining('jwt.zoneinfo') as string,
    });
    await client.createApplicationRole(applicationId, '', { role: { name: 'todo-gardener' } });
    await expect(
      client.createApplicationRole(applicationId, '', { role: { name: 'todo-gardener' } }),
    ).rejects.toMatchObject({ statusCode: 400 });
    const { application } = (await client.retrieveApplication(applicationId)).response;
    expect(application?.roles?.map(({ name }) => name)).toEqual([
      ...['todo-reader', 'todo-writer', 'todo-auditor', 'portal-admin', 'todo-gardener'],
    ]);
    const typeId = '6e1c2f7a-90b4-4d53-8f0e-3a7d5b9c1e02';
    await client.createEntityTypePermission(typeId, '', { permission: { name: 'todo-gardener' } });
    const { entityType } = (await client.retrieveEntityType(typeId)).response;
    expect(entityType?.permissions?.map(({ name }) => name)).toContain('todo-gardener');
  });

  it('finds nothing where there is nothing, and no part of the whole instance with a key of one tenant', async () => {
    const absent = randomUUID();
    const everything = clientWith(sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY']!);
    const manager = clientWith(sandbox.secrets['FUSIONAUTH_MANAGER_KEY']!);
    for (const read of ['retrieveKey', 'retrieveLambda', 'retrieveUserAction'] as const) {
      await expect(everything[read](absent)).rejects.toMatchObject({ statusCode: 404 });
      await expect(manager[read](absent)).rejects.toMatchObject({ statusCode: 401 });
    }
    expect((await manager.retrieveTenant(tenantId)).response.tenant?.issuer).toBe('gatehouse.example');
  });
});
