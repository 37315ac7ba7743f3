import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { parseConfig } from '#gatehouse/platform';
import { devCenterSchema } from '../../config.js';
import type { FusionAuthContext } from '../../context.js';
import { beginLogIn, completeLogIn } from './log-in.js';

describe('a log-in', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  const secure = {
    issuer: 'gatehouse.example',
    authorization_endpoint: 'https://auth.example.com/oauth2/authorize',
    token_endpoint: 'https://auth.example.com/oauth2/token',
    jwks_uri: 'https://auth.example.com/.well-known/jwks.json',
  };
  const contextAt = (FUSIONAUTH_URL: string, document: object) => {
    const config = parseConfig(devCenterSchema, { FUSIONAUTH_URL, FUSIONAUTH_CLIENT_SECRET: 'a-secret' });
    const data = { readDiscovery: () => Promise.resolve(document) };
    return { config, data, clock: Date.now } as unknown as FusionAuthContext;
  };
  const beginAt = (FUSIONAUTH_URL: string, document: object) =>
    beginLogIn(contextAt(FUSIONAUTH_URL, document), '/clients');

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

  it.each([
    ['is completed by an ID token of the published key', 'published', { subject: 'ada' }],
    ['is refused if its ID token has another signature', 'another', { status: 400 }],
  ] as const)('%s', async (_what, signer, outcome) => {
    const keys = { published: await generateKeyPair('RS256'), another: await generateKeyPair('RS256') };
    const idToken = await new SignJWT({ nonce: 'a-nonce' })
      .setProtectedHeader({ alg: 'RS256', kid: 'a-key' })
      .setIssuer(secure.issuer)
      .setSubject('ada')
      .setAudience(contextAt('https://auth.example.com', secure).config.FUSIONAUTH_APPLICATION_ID)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(keys[signer].privateKey);
    const jwk = { ...(await exportJWK(keys.published.publicKey)), kid: 'a-key', alg: 'RS256' };
    const answers = {
      '/token': { access_token: 'x', token_type: 'Bearer', id_token: idToken },
      '/keys': { keys: [jwk] },
    };
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answers[request.url as keyof typeof answers]));
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const FUSIONAUTH_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const document = {
      ...secure,
      token_endpoint: `${FUSIONAUTH_URL}/token`,
      jwks_uri: `${FUSIONAUTH_URL}/keys`,
    };
    const pending = { state: 'a-state', nonce: 'a-nonce', verifier: 'v'.repeat(43), returnTo: '/clients' };
    const logIn = completeLogIn(contextAt(FUSIONAUTH_URL, document), '?code=a-code&state=a-state', pending);
    expect(await logIn.catch((problem: unknown) => problem)).toMatchObject(outcome);
  });

  it('begins if every address is https', async () => {
    const { url } = await beginAt('https://auth.example.com', secure);
    expect(url.href).toMatch(/^https:\/\/auth\.example\.com\/oauth2\/authorize\?/);
  });
});
