import { type Method, type Operation, operation } from '../operations/operation.js';
import { finishLogIn, startLogIn, startRegistration } from './journey.js';
import { describeMe, endCookies, refreshCookies } from './session.js';

/**
 * FusionAuth's Hosted Backend: it logs a browser in and keeps the tokens in cookies, so that an application of one page
 * needs no backend for that. The client id is in the path, as documented, or in the query, as the SDKs send it; a slash
 * at the end makes no difference.
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
