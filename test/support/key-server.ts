import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { issuer, type TokenMinter, tokenMinter } from './token-minter.js';

/** What a guard of access tokens needs of FusionAuth and no more: a discovery document, a key set, tokens. */
export interface KeyServer {
  readonly url: string;
  readonly minter: TokenMinter;
  /** While true every request is answered 500. */
  failing: boolean;
  /** Connections that clients hold open; it closes none by itself. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export async function startKeyServer(): Promise<KeyServer> {
  const minter = await tokenMinter();
  const keySet = { keys: [minter.jwk] };
  const server = createServer((request, response) => {
    const found = request.url?.endsWith('/openid-configuration') ? { issuer } : keySet;
    response.setHeader('Content-Type', 'application/json');
    response.writeHead(keyServer.failing ? 500 : 200).end(JSON.stringify(found));
  });
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const keyServer: KeyServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    minter,
    failing: false,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return keyServer;
}
