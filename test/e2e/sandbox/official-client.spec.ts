import { FusionAuthClient } from '@fusionauth/typescript-client';
import { decodeJwt } from 'jose';
import type { Sandbox } from '../../../apps/sandbox/src/start-sandbox.js';
import { applicationId, newCode, redirectUri, startedSandbox, tenantId } from './started-sandbox.js';

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
});
