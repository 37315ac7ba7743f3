import { randomUUID } from 'node:crypto';
import pino from 'pino';

/** What every route of every target answers, guarded or not. */
export const answer = { status: 'ok', items: [1, 2, 3] };

const log = pino({ base: { app: 'target' } });

/** The one line a request that every target writes, guarded or not. */
export function logRequest(method: string, route: string, status: number, milliseconds: number): void {
  log.info({ requestId: randomUUID(), method, route, status, milliseconds }, 'request');
}
