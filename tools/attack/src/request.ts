import { Agent, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Presented } from './corpus/make.js';

export interface Answer {
  readonly status: number;
  /** The problem code (RFC 9457 extension member `code`), where the API sends one. */
  readonly code: string | undefined;
}

export type Send = (presented: Presented, path: string) => Promise<Answer>;

const answerTimeoutMs = 10_000;
const empty = ['Content-Length', '0'];

/**
 * Sends requests that no well-behaved client would: headers in the given order, repeated as given. Rejects when there
 * is no answer within 10 s.
 */
export function sender(url: string): Send {
  const base = new URL(url);
  const prefix = base.pathname.replace(/\/$/, '');
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const secure = base.protocol === 'https:';
  return ({ method = 'GET', headers, query }, path) =>
    new Promise((resolve, reject) => {
      const options = {
        protocol: base.protocol,
        host: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        method,
        path: `${prefix}${path}${query === undefined ? '' : `?${query}`}`,
        headers: ['Host', base.host, ...(method === 'POST' ? empty : []), ...headers.flat()],
        timeout: answerTimeoutMs,
        ...(secure ? {} : { agent }),
      };
      const sent = (secure ? secureRequest : request)(options, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, code: codeOf(body) }));
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${answerTimeoutMs / 1000} s`)));
      sent.on('error', reject).end();
    });
}

function codeOf(body: string): string | undefined {
  try {
    const { code } = JSON.parse(body) as { code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
