import type { IncomingMessage } from 'node:http';
import { createAuthenticator, readAuthConfig } from '#gatehouse/auth';
import { createLogger } from '#gatehouse/platform';
import { principalOf } from '../../../../../test/support/principal.js';
import { type KeyServer, startKeyServer } from '../../../../../tools/issuer/src/key-server.js';
import { applicationId, issuer, tenantId } from '../../../../../tools/issuer/src/token-minter.js';
import type { Authenticator } from '../../build-authenticator.js';
import { forwardDoor } from './forward-door.js';
import { hasuraDoor } from './hasura-door.js';

describe('the doors for a proxy', () => {
  let keys: KeyServer;
  const opened: Authenticator[] = [];

  async function guard(more: Record<string, string> = {}): Promise<Authenticator> {
    const config = readAuthConfig({
      NODE_ENV: 'test',
      FUSIONAUTH_URL: keys.url,
      FUSIONAUTH_ISSUER: issuer,
      FUSIONAUTH_APPLICATION_ID: applicationId,
      FUSIONAUTH_TENANT_ID: tenantId,
      ...more,
    });
    const authenticator = createAuthenticator(config, { log: createLogger('test', 'silent') });
    opened.push(authenticator);
    await authenticator.start();
    return authenticator;
  }
  beforeAll(async () => {
    keys = await startKeyServer();
  });
  afterAll(async () => {
    for (const authenticator of opened) authenticator.close();
    await keys.close();
  });

  const question = (headers: Readonly<Record<string, string>>) =>
    ({
      method: 'GET',
      url: '/verify',
      rawHeaders: Object.entries(headers).flat(),
      socket: { remoteAddress: '127.0.0.1' },
    }) as unknown as IncomingMessage;
  const described = { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/todos' };
  const trustedProxies = ['127.0.0.1'];
  const identified = { requestId: 'r1' };

  it('answer 503 and no identity, where the subject cannot be written into a header', async () => {
    const verdict = { ok: true as const, principal: principalOf({ subject: 'a b', roles: ['reader'] }) };
    // None of our strategies accepts such a subject.
    const authenticator = { ...(await guard()), authenticate: () => ({ verdict }) };
    const asked = question(described);
    const forward = await forwardDoor(authenticator, { trustedProxies, headers: 'x-forwarded' })(
      asked,
      identified,
    );
    const hasura = await hasuraDoor(authenticator, trustedProxies)(asked, identified);
    expect(forward).toMatchObject({ problem: { status: 503 } });
    expect(hasura).toMatchObject({ problem: { status: 503 } });
  });

  it('hold a cookie to its origin for Hasura, which does not say whether the request changes something', async () => {
    const origin = 'https://app.example.com';
    const authenticator = await guard({ TOKEN_LOCATION: 'cookie', ALLOWED_ORIGINS: origin });
    const door = hasuraDoor(authenticator, trustedProxies);
    const Cookie = `app.at=${await keys.minter.mint({ sub: 'ada', roles: ['todo-reader'] })}`;
    expect(await door(question({ Cookie }), identified)).toMatchObject({ problem: { status: 403 } });
    expect(await door(question({ Cookie, Origin: origin }), identified)).toMatchObject({
      variables: { 'X-Hasura-User-Id': 'ada', 'X-Hasura-Role': 'todo-reader' },
    });
  });
});
