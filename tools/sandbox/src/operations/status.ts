import { type Answer, empty, ok } from '../answer.js';

/** `GET /api/status` says the same to everybody; it is no place to try a key. */
export const status = (): Answer => ok({ status: 'ok' });

/** `GET /api/health`. */
export const health = (): Answer => empty(200);
