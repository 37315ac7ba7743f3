import { parseConfig } from '#gatehouse/platform';
import { devCenterSchema } from '../config.js';
import { readWanted } from './wanted.js';

const wantedWith = (environment: object) => readWanted(parseConfig(devCenterSchema, { ...environment }));
const oauthOf = ({ application }: Awaited<ReturnType<typeof wantedWith>>) =>
  application.value['oauthConfiguration'] as Record<string, unknown>;

describe('the required configuration', () => {
  it('has the ids of the settings, not those of the kickstart file', async () => {
    const [tenant, application, entity, group] = [1, 2, 3, 4].map(
      (n) => `${n}0000000-0000-4000-8000-000000000000`,
    );
    const wanted = await wantedWith({
      FUSIONAUTH_TENANT_ID: tenant,
      FUSIONAUTH_APPLICATION_ID: application,
      FUSIONAUTH_ENTITY_ID: entity,
      FUSIONAUTH_PROBE_GROUP_ID: group,
    });
    const ids = [wanted.tenant, wanted.application, wanted.entity, wanted.group].map(({ id }) => id);
    expect(ids).toEqual([tenant, application, entity, group]);
  });

  it('has the redirect URI of this Dev Center', async () => {
    const wanted = await wantedWith({ PUBLIC_URL: 'https://dev.example.com' });
    expect(oauthOf(wanted)).toMatchObject({ authorizedRedirectURLs: ['https://dev.example.com/callback'] });
  });

  it('has the todo page and its calls only if the Todo API reads cookies', async () => {
    const centre = { PUBLIC_URL: 'https://dev.example.com' };
    expect((await wantedWith(centre)).systemConfiguration).toBeUndefined();
    const wanted = await wantedWith({ ...centre, TOKEN_LOCATION: 'header,cookie' });
    expect(oauthOf(wanted)).toMatchObject({
      authorizedRedirectURLs: ['https://dev.example.com/callback', 'https://dev.example.com/todos'],
    });
    expect(wanted.systemConfiguration).toEqual({
      corsConfiguration: {
        enabled: true,
        allowCredentials: true,
        allowedOrigins: ['https://dev.example.com'],
        allowedMethods: ['POST'],
      },
    });
  });

  it('does not set CORS if browsers reach FusionAuth at the origin of the page', async () => {
    const { systemConfiguration } = await wantedWith({
      TOKEN_LOCATION: 'cookie',
      PUBLIC_URL: 'https://example.com/dev',
      FUSIONAUTH_PUBLIC_URL: 'https://example.com/auth',
    });
    expect(systemConfiguration).toBeUndefined();
  });

  it('has a client secret only if one is set', async () => {
    expect(oauthOf(await wantedWith({}))).not.toHaveProperty('clientSecret');
    const given = 'a-client-secret-0123456789';
    expect(oauthOf(await wantedWith({ FUSIONAUTH_CLIENT_SECRET: given }))).toMatchObject({
      clientSecret: given,
    });
  });

  it('has the permissions that each key needs and no others', async () => {
    const { apiKeyPermissions, managerPermissions } = await wantedWith({});
    expect(apiKeyPermissions).toContain('GET /api/group');
    expect(apiKeyPermissions.filter((one) => !/^(?:GET|POST \/api\/login)/.test(one))).toEqual([]);
    expect(managerPermissions).toContain('DELETE /api/user');
    expect(
      managerPermissions.filter((one) => /api-key|\/api\/key|lambda|PATCH \/api\/tenant/.test(one)),
    ).toEqual([]);
  });
});
