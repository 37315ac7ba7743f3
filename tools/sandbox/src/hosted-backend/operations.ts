import { type Method, type Operation, operation } from '../operations/operation.js';
import { finishLogIn, startLogIn, startRegistration } from './login-flow.js';
import { describeMe, endCookies, refreshCookies } from './session.js';

/**
 * FusionAuth's Hosted Backend: logs a browser in and stores the tokens in cookies, so that a single-page application
 * needs no backend for it. The client id is in the path, as documented, or in the query, as the SDKs send it; a
 * trailing slash makes no difference.
 */
export const hostedBackend: readonly Operation[] = [
  ...ofClient('GET', '/app/login', startLogIn),
  ...ofClient('GET', '/app/register', startRegistration),
  ...ofClient('POST', '/app/refresh', refreshCookies),
  ...ofClient('GET', '/app/logout', endCookies),
  ...atPaths('GET', '/app/callback', ['', '/'], finishLogIn),
  ...atPaths('GET', '/app/me', ['', '/'], describeMe),
];

function ofClient(method: Method, path: string, handle: Operation['handle']): Operation[] {
  return atPaths(method, path, ['', '/', '/:clientId', '/:clientId/'], handle);
}

function atPaths(
  method: Method,
  path: string,
  ends: readonly string[],
  handle: Operation['handle'],
): Operation[] {
  const one = operation(method, path, 'anyone', handle);
  return ends.map((end) => ({ ...one, path: path + end, ignoresText: true as const }));
}
