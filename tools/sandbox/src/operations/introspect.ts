import { identifyClient, requireClientAuthentication } from '../access/client.js';
import { type Answer, OAuthError, oauthError, ok } from '../answer.js';
import { isCurrent, type ReadToken, readToken, stillStands } from '../tokens/read-token.js';
import { sessionEnd } from '../tokens/refresh-token.js';
import { policyOf, sessionByToken } from '../tokens/sessions.js';
import type { IntrospectBody } from '../wire.js';
import type { Call, World } from '../world.js';

const hints = ['access_token', 'id_token', 'refresh_token'];

/**
 * `POST /oauth2/introspect` (RFC 7662), for the client that the token was issued to. It looks at signature, time and
 * client only: locks, log-outs and removals go unnoticed unless `strictIntrospection` is on.
 */
export async function introspect(call: Call, world: World): Promise<Answer> {
  const token = call.form.get('token');
  if (!token) throw oauthError('invalid_request', 'missing_token', 'The request carries no token.');
  const hint = tokenTypeHint(call);
  if (hint === 'refresh_token') return introspectRefreshToken(world, token, clientOf(call, world));
  const read = await readToken(world, token);
  // Tokens of entities are introspected by the token alone, and so is what nobody issued.
  if (read?.kind === 'entity_token') return answer(world, read, hint ?? 'access_token', 'access_token');
  if (!read && hint === null && isAnonymous(call)) return inactive;
  const clientId = clientOf(call, world);
  if (!read) return inactive;
  if (![read.claims['aud']].flat().includes(clientId)) throw clientMismatch();
  return answer(world, read, hint ?? read.kind, read.kind);
}

function tokenTypeHint({ form }: Call): string | null {
  const hint = form.get('token_type_hint');
  if (hint === null || hints.includes(hint)) return hint;
  throw oauthError('unsupported_token_type', 'unsupported_token_type', 'There is no such token_type_hint.');
}

const isAnonymous = ({ form, headers }: Call): boolean =>
  !form.has('client_id') && headers['authorization'] === undefined;

/** The id of the client that asks, by the application's `clientAuthenticationPolicy`. */
function clientOf(call: Call, world: World): string {
  const client = identifyClient(call, world);
  requireClientAuthentication(client, false);
  return client.application.id;
}

const inactive: Answer = ok({ active: false } satisfies IntrospectBody);

function answer(world: World, read: ReadToken, hint: string, kind: string): Answer {
  if (hint !== kind) throw hintMismatch();
  const { strictIntrospection } = world.settings;
  if (!isCurrent(read.claims, world.now())) return inactive;
  if (strictIntrospection && !stillStands(world, read)) return inactive;
  return ok({ active: true, ...read.claims } satisfies IntrospectBody);
}

/** This one does notice: the session is gone once it is revoked. `exp` in seconds. */
function introspectRefreshToken(world: World, token: string, clientId: string): Answer {
  const session = sessionByToken(world, token);
  if (!session) return inactive;
  if (session.applicationId !== clientId) throw clientMismatch();
  const end = sessionEnd(session, policyOf(world, session) ?? {});
  return ok({ active: true, exp: Math.floor(end / 1000) } satisfies IntrospectBody);
}

const hintMismatch = () =>
  oauthError('invalid_request', 'token_type_hint_mismatch', 'The token is not what token_type_hint says.');

const clientMismatch = () =>
  new OAuthError(401, 'invalid_client', 'client_id_mismatch', 'The token was issued to another client.');
