import { parseConfig } from '#gatehouse/platform';
import { devCenterSchema } from '../../config.js';
import type { FusionAuthContext } from '../../context.js';
import { beginLogIn } from './log-in.js';

describe('a log-in', () => {
  const secure = {
    issuer: 'gatehouse.example',
    authorization_endpoint: 'https://auth.example.com/oauth2/authorize',
    token_endpoint: 'https://auth.example.com/oauth2/token',
    jwks_uri: 'https://auth.example.com/.well-known/jwks.json',
  };
  const beginAt = (FUSIONAUTH_URL: string, document: object) => {
    const config = parseConfig(devCenterSchema, { FUSIONAUTH_URL, FUSIONAUTH_CLIENT_SECRET: 'a-secret' });
    const data = { readDiscovery: () => Promise.resolve(document) };
    return beginLogIn({ config, data, clock: Date.now } as unknown as FusionAuthContext, '/clients');
  };

  it.each(['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const)(
    'sends no password, code or secret over plain http if FusionAuth is at https: %s',
    async (name) => {
      const document = { ...secure, [name]: secure[name].replace('https:', 'http:') };
      await expect(beginAt('https://auth.example.com', document)).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringContaining('X-Forwarded-Proto') as string,
      });
    },
  );

  it('begins if every address is https', async () => {
    const { url } = await beginAt('https://auth.example.com', secure);
    expect(url.href).toMatch(/^https:\/\/auth\.example\.com\/oauth2\/authorize\?/);
  });
});
