import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from './signing-key.js';
import { issuer, type TokenMinter, tokenMinter } from './token-minter.js';

/**
 * Serves on this machine the two documents that a guard of access tokens needs from FusionAuth: discovery and a key
 * set.
 */
interface ServedKeys {
  readonly url: string;
  /** While true, every request is answered 500. */
  failing: boolean;
  /** Returns the number of connections that clients keep open; the server closes none by itself. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface KeyServerSettings {
  /** 0 picks a free one. */
  readonly port: number;
  readonly keys: readonly Json[];
  /** `iss` of the tokens; by default the server's own URL. */
  readonly issuer?: string | undefined;
  /** Answers paths other than the two documents; undefined means 404. */
  readonly more?: (request: IncomingMessage, url: URL) => Answer | undefined | Promise<Answer | undefined>;
}

/** Rejects with the system's error when the port cannot be bound. */
export async function serveKeys({ port, keys, more, ...settings }: KeyServerSettings): Promise<ServedKeys> {
  const server = createServer((request, response) => {
    void answerTo(request)
      .catch((): Answer => ({ status: 400 }))
      .then(({ status, body }) => {
        response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
  });
  const answerTo = async (request: IncomingMessage): Promise<Answer> => {
    if (keyServer.failing) return { status: 500 };
    const address = new URL(request.url ?? '/', url);
    const found = (await more?.(request, address)) ?? documentAt(address.pathname);
    return found ?? { status: 404 };
  };
  // FusionAuth also serves both below the path of a tenant.
  const documentAt = (path: string): Answer | undefined => {
    if (path.endsWith('/.well-known/jwks.json')) return { status: 200, body: { keys } };
    if (!path.endsWith('/.well-known/openid-configuration')) return undefined;
    return { status: 200, body: discoveryDocument(url, settings.issuer ?? url) };
  };
  server.keepAliveTimeout = 0;
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keyServer: ServedKeys = {
    url,
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

const discoveryDocument = (url: string, iss: string) => ({
  issuer: iss,
  jwks_uri: `${url}/.well-known/jwks.json`,
  authorization_endpoint: `${url}/oauth2/authorize`,
  token_endpoint: `${url}/oauth2/token`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
});

/** A key server whose one key signs the minter's tokens. */
export interface KeyServer extends ServedKeys {
  readonly minter: TokenMinter;
}

/** Listens on a free port. */
export async function startKeyServer(): Promise<KeyServer> {
  const minter = tokenMinter();
  return Object.assign(await serveKeys({ port: 0, keys: [minter.jwk], issuer }), { minter });
}
