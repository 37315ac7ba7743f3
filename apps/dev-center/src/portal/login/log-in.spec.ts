import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { FusionAuthUnavailable } from '#gatehouse/fusionauth';
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

  /** Completes a log-in at a FusionAuth with these answers, by path: status and body. */
  async function completeAt(answers: Readonly<Record<string, readonly [number, object]>>) {
    const server = createServer((request, response) => {
      const [status, body] = answers[request.url ?? ''] ?? [404, {}];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const document = { ...secure, token_endpoint: `${url}/token`, jwks_uri: `${url}/keys` };
    const pending = { state: 'a-state', nonce: 'a-nonce', verifier: 'v'.repeat(43), returnTo: '/clients' };
    return completeLogIn(contextAt(url, document), '?code=a-code&state=a-state', pending);
  }

  it('is unavailable, and not refused, if FusionAuth fails with a reason', async () => {
    const answers = { '/token': [503, { error: 'temporarily_unavailable' }] } as const;
    await expect(completeAt(answers)).rejects.toBeInstanceOf(FusionAuthUnavailable);
  });

  it('is refused if FusionAuth gives no ID token', async () => {
    const answers = { '/token': [200, { access_token: 'x', token_type: 'Bearer' }] } as const;
    await expect(completeAt(answers)).rejects.toMatchObject({ status: 400 });
  });

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
    const token = { access_token: 'x', token_type: 'Bearer', id_token: idToken };
    const logIn = completeAt({ '/token': [200, token], '/keys': [200, { keys: [jwk] }] });
    expect(await logIn.catch((problem: unknown) => problem)).toMatchObject(outcome);
  });

  it('begins if every address is https', async () => {
    const { url } = await beginAt('https://auth.example.com', secure);
    expect(url.href).toMatch(/^https:\/\/auth\.example\.com\/oauth2\/authorize\?/);
  });
});
