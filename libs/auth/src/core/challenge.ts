import { type ProblemCode, ProblemError } from '#gatehouse/platform';
import type { Failure, Forbidden, Throttled } from './failure.js';
import type { Challenge } from './strategy.js';

/** The settings that all refusals of one resource server share. */
export interface ChallengeSettings {
  readonly realm: string;
  readonly challenges: readonly Challenge[];
  /** Absolute URL of the protected-resource metadata (RFC 9728 section 5.1). */
  readonly resourceMetadata?: string;
}

/**
 * Maps a failure to the response that the caller sees; every door uses it. Unknown user, wrong secret, locked and
 * expired get the same response, so that it cannot be used to find accounts. `more` are headers to add.
 */
export function answerTo(
  failure: Failure,
  settings: ChallengeSettings,
  more: Readonly<Record<string, string>> = {},
): ProblemError {
  const [status, code, detail] = publicAnswer(failure, settings);
  const headers =
    'retryAfterSeconds' in failure
      ? { 'Retry-After': String(failure.retryAfterSeconds) }
      : { 'WWW-Authenticate': challengeHeaders(failure, settings) };
  return new ProblemError(status, code, detail, { headers: { ...more, ...headers } });
}

function publicAnswer(
  failure: Failure,
  { challenges }: ChallengeSettings,
): [status: number, code: ProblemCode, detail: string] {
  switch (failure.kind) {
    case 'missing':
      return [
        401,
        'credential_required',
        `Present a credential: ${challenges.map(({ scheme }) => scheme).join(' or ')}.`,
      ];
    case 'malformed':
      return [400, 'invalid_request', failure.detail];
    case 'rejected':
      return [
        401,
        'invalid_token',
        'The credential is not accepted: it is unknown, expired, revoked or not meant for this API. Obtain a new one.',
      ];
    case 'forbidden':
      return [403, failure.code ?? 'insufficient_scope', forbiddenText(failure)];
    case 'throttled':
      return [429, 'too_many_requests', tooMany[failure.what]];
    case 'unavailable':
      return [
        503,
        'authentication_unavailable',
        'The credential could not be verified just now. It may still be valid: keep it and retry.',
      ];
  }
}

const tooMany: Readonly<Record<Throttled['what'], string>> = {
  attempts: 'Too many attempts were refused. Retry after the interval in Retry-After.',
  requests: 'This client has reached its request limit. Retry after the interval in Retry-After.',
};

function forbiddenText({ roles, code }: Forbidden): string {
  if (code === 'over_privileged_key')
    return 'This key has permissions beyond this API. Replace it with a key that may only read the probe group.';

  if (code === 'csrf_refused')
    return 'A request that changes state with a cookie must come from an allowed origin: send Origin, or send the token in a header.';

  return roles
    ? `The credential is valid, but its owner lacks a role for this: ${roles.join(' or ')}.`
    : 'The credential is valid, but its owner is not registered for this API.';
}

/** One `WWW-Authenticate` value for each enabled strategy (RFC 9110 section 11.6.1, RFC 6750 section 3). */
function challengeHeaders(failure: Failure, settings: ChallengeSettings): string[] {
  return settings.challenges.map((challenge) => {
    const code = challenge.error?.(failure);
    const parameters = [
      `realm="${settings.realm}"`,
      ...(challenge.parameters ?? []),
      ...(code ? [`error="${code}"`] : []),
      ...(code && failure.kind === 'forbidden' && failure.roles
        ? [`scope="${failure.roles.join(' ')}"`]
        : []),
      ...(settings.resourceMetadata ? [`resource_metadata="${settings.resourceMetadata}"`] : []),
    ];
    return `${challenge.scheme} ${parameters.join(', ')}`;
  });
}
