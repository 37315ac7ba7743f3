import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from '#gatehouse/platform';
import { startKeyServer } from '../../../../../tools/issuer/src/key-server.js';
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
