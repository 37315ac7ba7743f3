import { identifyClient, requireClientAuthentication } from '../access/client.js';
import { type Answer, OAuthError, oauthError, ok } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import { isCurrent, isStillValid, type ReadToken, readToken } from '../tokens/read-token.js';
import { sessionExpiry } from '../tokens/refresh-token.js';
import { policyOf, sessionByToken } from '../tokens/sessions.js';
import type { IntrospectBody } from '../wire.js';

const hints = ['access_token', 'id_token', 'refresh_token'];

/**
 * `POST /oauth2/introspect` (RFC 7662), for the client that the token was issued to. It checks signature, time and
 * client only: locks, log-outs and removals go unnoticed unless `strictIntrospection` is on.
 */
export async function introspect(request: ApiRequest, instance: Instance): Promise<Answer> {
  const token = request.form.get('token');
  if (!token) throw oauthError('invalid_request', 'missing_token', 'The request carries no token.');
  const hint = tokenTypeHint(request);
  if (hint === 'refresh_token') return introspectRefreshToken(instance, token, clientOf(request, instance));
  const read = await readToken(instance, token);
  // Tokens of entities, and tokens of another issuer, are introspected without a client.
  if (read?.kind === 'entity_token') return answer(instance, read, hint ?? 'access_token', 'access_token');
  if (!read && hint === null && isAnonymous(request)) return inactive;
  const clientId = clientOf(request, instance);
  if (!read) return inactive;
  if (![read.claims['aud']].flat().includes(clientId)) throw clientMismatch();
  return answer(instance, read, hint ?? read.kind, read.kind);
}

function tokenTypeHint({ form }: ApiRequest): string | null {
  const hint = form.get('token_type_hint');
  if (hint === null || hints.includes(hint)) return hint;
  throw oauthError('unsupported_token_type', 'unsupported_token_type', 'There is no such token_type_hint.');
}

const isAnonymous = ({ form, headers }: ApiRequest): boolean =>
  !form.has('client_id') && headers['authorization'] === undefined;

/** Returns the id of the requesting client, by the application's `clientAuthenticationPolicy`. */
function clientOf(request: ApiRequest, instance: Instance): string {
  const client = identifyClient(request, instance);
  requireClientAuthentication(client, false);
  return client.application.id;
}

const inactive: Answer = ok({ active: false } satisfies IntrospectBody);

function answer(instance: Instance, read: ReadToken, hint: string, kind: string): Answer {
  if (hint !== kind) throw hintMismatch();
  const { strictIntrospection } = instance.settings;
  if (!isCurrent(read.claims, instance.now())) return inactive;
  if (strictIntrospection && !isStillValid(instance, read)) return inactive;
  return ok({ active: true, ...read.claims } satisfies IntrospectBody);
}

/** Answers for a refresh token, whose revocation is noticed: the session is deleted. `exp` in seconds. */
function introspectRefreshToken(instance: Instance, token: string, clientId: string): Answer {
  const session = sessionByToken(instance, token);
  if (!session) return inactive;
  if (session.applicationId !== clientId) throw clientMismatch();
  const end = sessionExpiry(session, policyOf(instance, session) ?? {});
  return ok({ active: true, exp: Math.floor(end / 1000) } satisfies IntrospectBody);
}

const hintMismatch = () =>
  oauthError('invalid_request', 'token_type_hint_mismatch', 'The token is not what token_type_hint says.');

const clientMismatch = () =>
  new OAuthError(401, 'invalid_client', 'client_id_mismatch', 'The token was issued to another client.');
