/**
 * The door for a bare `node:http` handler, and for frameworks that take one.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createAuthenticator, readAuthConfig } from 'gatehouse-auth';
 * import { guarded } from 'gatehouse-auth/node';
 *
 * const authenticator = createAuthenticator(readAuthConfig());
 * const server = createServer(
 *   guarded(authenticator, (_request, response, principal) => {
 *     response.end(`Hello ${principal.subject}`);
 *   }),
 * );
 * server.on('close', () => void authenticator.close());
 * server.listen(3000, '127.0.0.1');
 * ```
 *
 * @module gatehouse-auth/node
 */
export { factsOf, stripper } from './facts.js';
export { guarded, type GuardedListener } from './guarded.js';
export { webhookListener } from './webhook-listener.js';
