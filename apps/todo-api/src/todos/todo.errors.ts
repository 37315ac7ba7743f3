import { ProblemError } from '#gatehouse/platform';
import { invalidFields } from '../http/fields.pipe.js';
import type { Judgement } from './preconditions.js';

/** Also returned for another owner's todo, so that the caller cannot learn that it exists. */
export const todoNotFound = () =>
  new ProblemError(404, 'not_found', 'There is no such todo, or it is not yours.');

/** Returned instead of the reader's own list, which would look like an empty database. */
export const auditorsOnly = () =>
  new ProblemError(
    403,
    'insufficient_scope',
    'The credential is valid, but its owner lacks the role todo-auditor, which owner=everyone needs.',
  );

/** The 412 of RFC 9110 section 15.5.13. */
export const preconditionFailed = (judgement: Exclude<Judgement, 'met'>) =>
  new ProblemError(412, 'precondition_failed', unmet[judgement]);

const unmet: Readonly<Record<Exclude<Judgement, 'met'>, string>> = {
  changed: 'The todo has changed since you read it: read it again, then repeat the change with the new ETag.',
  // Reading it again would return the same tag: RFC 9110 section 13.1.1 requires strong tags, and a gzip on the way
  // weakens them.
  weakened:
    'A weak ETag never matches in If-Match, although this is the current one: send it without the W/ that a compressing proxy has added.',
  unchanged:
    'The todo is in a state that If-None-Match excludes: omit If-None-Match, or send the tag of another state.',
};

export const foreignCursor = () =>
  invalidFields([
    {
      path: 'query.cursor',
      message: 'is not a cursor of this filter: send nextCursor unchanged, with the filter that it came from',
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
    'The first request with this Idempotency-Key is still in progress: repeat yours in a moment.',
    { headers: { 'Retry-After': '1' } },
  );
