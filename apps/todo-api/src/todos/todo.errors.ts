import { ProblemError } from '#gatehouse/platform';
import { invalidFields } from '../http/fields.pipe.js';
import type { Judgement } from './preconditions.js';

/** Also the answer for a todo of someone else: whether it exists is not for the caller to know. */
export const todoNotFound = () =>
  new ProblemError(404, 'not_found', 'There is no such todo, or it is not yours.');

/** A reader's own list in place of everyone's would look like an empty database. */
export const auditorsOnly = () =>
  new ProblemError(
    403,
    'insufficient_scope',
    'The credential is good, but its owner lacks the role todo-auditor, which owner=everyone needs.',
  );

/** RFC 9110 section 15.5.13. */
export const preconditionFailed = (judgement: Exclude<Judgement, 'met'>) =>
  new ProblemError(412, 'precondition_failed', unmet[judgement]);

const unmet: Readonly<Record<Exclude<Judgement, 'met'>, string>> = {
  changed: 'The todo has changed since you read it: read it again, then repeat the change with the new ETag.',
  // Reading it again would give the same tag: RFC 9110 section 13.1.1 wants strong tags, and a gzip on the way weakens them.
  weakened:
    'A weak ETag never matches in If-Match, although this is the current one: send it without W/, which a proxy that compresses answers has put before it.',
  unchanged:
    'The todo is in a state that If-None-Match excludes: send no If-None-Match, or that of another state.',
};

export const foreignCursor = () =>
  invalidFields([
    {
      path: 'query.cursor',
      message: 'is not a cursor of this filter: pass nextCursor on unchanged, with the filter it came from',
    },
  ]);

export const invalidIdempotencyKey = () =>
  invalidFields([{ path: 'header.idempotency-key', message: 'must be 1 to 255 visible ASCII characters' }]);

export const idempotencyKeyReused = () =>
  new ProblemError(
    422,
    'idempotency_key_reused',
    'This Idempotency-Key was used for another request within 24 hours: send a new key with a new request.',
  );

export const idempotencyKeyInUse = () =>
  new ProblemError(
    409,
    'idempotency_key_in_use',
    'The first request with this Idempotency-Key is still being worked on: repeat yours in a moment.',
    { headers: { 'Retry-After': '1' } },
  );
