import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from '#gatehouse/platform';
import { guardSettings } from '../../../../../test/support/guarded-app.js';
import { principalOf } from '../../../../../test/support/principal.js';
import { startKeyServer } from '../../../../../tools/issuer/src/key-server.js';
import { buildAuthenticator } from '../../build-authenticator.js';
import { createAuthenticator } from '../../create-authenticator.js';
import { readAuthConfig } from '../../settings.js';
import { guarded } from './guarded.js';

it('a guarded handler admits a valid token although nobody called start(), and does not see it', async () => {
  const seen: (string | undefined)[] = [];
  const fusionAuth = await startKeyServer();
  const config = readAuthConfig({ FUSIONAUTH_URL: fusionAuth.url });
  const authenticator = createAuthenticator(config, { log: createLogger('test', 'silent') });
  const server = createServer(
    guarded(authenticator, (request, response, { email }) => {
      seen.push(
        request.headers.authorization,
        ...request.rawHeaders.filter((text) => text.startsWith('Bearer')),
      );
      response.end(email);
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const headers = { authorization: `Bearer ${await fusionAuth.minter.mint()}` };
  let answer = await fetch(url, { headers });
  // It answers 503 until the keys are loaded.
  while (answer.status === 503) {
    await delay(50);
    answer = await fetch(url, { headers });
  }
  expect([answer.status, await answer.text()]).toEqual([200, 'ada@example.com']);
  expect(seen).toEqual([undefined]);
  expect((await fetch(url)).status).toBe(401);
  server.closeAllConnections();
  server.close();
  authenticator.close();
  await fusionAuth.close();
});

it('a guarded handler names the request to the guard, and sets its headers on an accepted response', async () => {
  const ids: string[] = [];
  const limited = {
    ...buildAuthenticator([], guardSettings()),
    authenticate({ requestId }: { requestId: string }) {
      ids.push(requestId);
      return { verdict: { ok: true as const, principal: principalOf() }, headers: { RateLimit: '"c";r=9' } };
    },
  };
  const server = createServer(guarded(limited, (_request, response) => response.end('x')));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect([await answer.text(), answer.headers.get('ratelimit')]).toEqual(['x', '"c";r=9']);
  expect(ids).toEqual([expect.stringMatching(/^[\da-f-]{36}$/)]);
  server.closeAllConnections();
  server.close();
});
