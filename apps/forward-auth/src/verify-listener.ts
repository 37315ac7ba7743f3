import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { callerBehind } from '#gatehouse/auth';
import { type ForwardDoor, type ForwardVerdict, verdictHeader } from '#gatehouse/auth/forward';
import type { RecordRequest } from '#gatehouse/http-edge';
import { internalError, type Logger, problemBody, problemMediaType, undocumented } from '#gatehouse/platform';
import { onOneLine } from './one-line.js';

interface VerifyParts {
  readonly door: ForwardDoor;
  readonly trustedProxies: readonly string[];
  readonly record: RecordRequest;
  readonly log: Logger;
}

/** Tells whether a URL is that of `/verify`. Envoy appends the path of its client's request. */
export const isQuestion = (url = ''): boolean => /^\/verify(?:[/?]|$)/.test(url);

/**
 * Handles `/verify` on Node's own server, because hooks, guards and replies of a framework cost more than the verdict
 * on a cached credential. Envoy uses the method of its client's request, so any method is accepted; the method that
 * is judged is the one in the headers. A body is left unread.
 */
export function verifyListener({ door, trustedProxies, record, log }: VerifyParts): RequestListener {
  const callerOf = callerBehind(trustedProxies);
  return (request, response) => {
    const began = performance.now();
    const requestId = randomUUID();
    const answer = (verdict: ForwardVerdict): void => {
      write(request, response, { verdict, requestId });
      record({
        ...{ requestId, method: request.method ?? '', route: '/verify', status: response.statusCode },
        milliseconds: performance.now() - began,
        ...('problem' in verdict ? { code: verdict.problem.code } : { principal: verdict.principal }),
      });
    };
    const fail = (error: unknown): void => {
      log.error({ err: error, requestId }, 'request failed');
      if (response.headersSent) response.destroy();
      else answer({ problem: internalError() });
    };
    try {
      const verdict = door(request, { requestId, address: callerOf(request) });
      if (verdict instanceof Promise) verdict.then(answer).catch(fail);
      else answer(verdict);
    } catch (error) {
      fail(error);
    }
  };
}

/**
 * Writes the response. A 200 has no body, because with one nginx and Caddy open a new connection for each request.
 * nginx does so for a refusal too, and shows its client a body of its own, so it sends `?body=none`.
 */
function write(
  request: IncomingMessage,
  response: ServerResponse,
  { verdict, requestId }: { verdict: ForwardVerdict; requestId: string },
): void {
  const isAccepted = 'headers' in verdict;
  const head = ['x-request-id', requestId, 'cache-control', 'no-store'];
  head.push(verdictHeader.toLowerCase(), isAccepted ? 'accepted' : 'refused');
  const headers = isAccepted ? verdict.headers : onOneLine(verdict.problem);
  for (const name in headers) head.push(name.toLowerCase(), headers[name] ?? '');
  if (isAccepted || wantsNoBody(request)) {
    head.push('content-length', '0');
    response.writeHead(isAccepted ? 200 : verdict.problem.status, head).end();
    return;
  }
  const body = JSON.stringify(problemBody(verdict.problem, undocumented, requestId));
  head.push('content-type', problemMediaType, 'content-length', String(Buffer.byteLength(body)));
  response.writeHead(verdict.problem.status, head).end(body);
}

const wantsNoBody = ({ url = '' }: IncomingMessage): boolean =>
  /^\/verify\?(?:.*&)?body=none(?:&|$)/.test(url);
