/**
 * The door for a proxy that has each request of its clients judged: it answers with headers for the API, or a refusal that
 * the proxy passes on.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { randomUUID } from 'node:crypto';
 * import { createAuthenticator, readAuthConfig } from 'gatehouse-auth';
 * import { forwardDoor } from 'gatehouse-auth/forward';
 *
 * const authenticator = createAuthenticator(readAuthConfig());
 * await authenticator.start();
 * const door = forwardDoor(authenticator, { trustedProxies: ['127.0.0.1'], headers: 'x-forwarded' });
 *
 * createServer(async (question, response) => {
 *   const verdict = await door(question, { requestId: randomUUID() });
 *   if ('problem' in verdict) response.writeHead(verdict.problem.status).end();
 *   else response.writeHead(200, verdict.headers).end();
 * }).listen(4180, '127.0.0.1');
 * ```
 *
 * @module gatehouse-auth/forward
 */
export { type ForwardDoor, forwardDoor, type ForwardSettings, type ForwardVerdict } from './forward-door.js';
export { hasuraDoor, type HasuraDoor, type HasuraVerdict, type SessionVariables } from './hasura-door.js';
export { headerFamilies, type HeaderFamily } from './forwarded-request.js';
export { verdictHeader } from './identity-headers.js';
export { nameHosts, readRoleRules, type RoleRule } from './role-rules.js';
export { roleRulesSetting } from './role-rules.setting.js';
