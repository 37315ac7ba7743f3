/**
 * The codes of all problems in responses of Gatehouse APIs: the member `code` of the body (RFC 9457 section 3.2), on
 * which programs base decisions. docs/errors has a page for each. A code is never renamed or reused.
 */
export const problemCodes = [
  'authentication_unavailable',
  'body_too_large',
  'credential_required',
  'csrf_refused',
  'database_unavailable',
  'event_not_stored',
  'idempotency_key_in_use',
  'idempotency_key_reused',
  'insufficient_scope',
  'internal_error',
  'invalid_request',
  'invalid_signature',
  'invalid_token',
  'method_not_allowed',
  'not_found',
  'not_ready',
  'over_privileged_key',
  'precondition_failed',
  'too_many_requests',
  'unsupported_media_type',
  'untrusted_proxy',
  'uri_too_long',
] as const;

/** One of {@link problemCodes}. */
export type ProblemCode = (typeof problemCodes)[number];
