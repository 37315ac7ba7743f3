import { z } from 'zod';
import { type Answer, oauthError, redirect } from '../answer.js';
import { check } from '../body.js';
import { cookie, noTokenCookies } from '../cookies.js';
import type { ApiRequest, Instance } from '../instance.js';
import { isRegistered, withParameters } from '../oauth/return-address.js';
import type { ApplicationRecord, RefreshTokenRecord } from '../state/state.js';
import { readToken } from '../tokens/read-token.js';
import { revokeSessions, sessionByToken } from '../tokens/sessions.js';
import { announce } from '../webhooks/announce.js';
import { sessionRevoked, sessionsRevoked } from '../webhooks/events.js';

const requestBody = z.looseObject({
  global: z.union([z.boolean(), z.stringbool()]).default(false),
  refreshToken: z.string().optional(),
});

/** `POST /api/logout`: revokes the refresh token named by query, body or cookie; with `global` all of its owner's. */
export async function logout(request: ApiRequest, instance: Instance): Promise<Answer> {
  const { query, json, headers } = request;
  const fields = typeof json === 'object' ? json : {};
  const { global, refreshToken } = check(requestBody, { ...fields, ...Object.fromEntries(query) });
  const session = sessionByToken(instance, refreshToken ?? cookie(headers['cookie'], 'refresh_token') ?? '');
  if (session) {
    const where = ({ id, userId }: RefreshTokenRecord) =>
      global ? userId === session.userId : id === session.id;
    const events = global
      ? sessionsRevoked(instance, where, { userId: session.userId })
      : [sessionRevoked(instance, session)];
    await announce(instance, events, () => revokeSessions(instance, where), request);
  }
  return { status: 200, headers: { 'set-cookie': noTokenCookies() } };
}

/**
 * `GET` and `POST /oauth2/logout` (OpenID Connect RP-Initiated Logout 1.0): redirects back to the application.
 * FusionAuth ends the single sign-on session here, which the sandbox does not have; refresh tokens stay valid until
 * another call revokes them. No event is sent.
 */
export async function oauthLogout({ query, form }: ApiRequest, instance: Instance): Promise<Answer> {
  const parameters = new URLSearchParams([...query, ...form]);
  const application = await leftApplication(parameters, instance);
  const wanted = parameters.get('post_logout_redirect_uri');
  const target = postLogoutAddress(wanted, application) ?? tenantAddress(instance, application);
  const answer = redirect(target === undefined ? '/' : withState(target, parameters.get('state')));
  return { ...answer, headers: { ...answer.headers, 'set-cookie': noTokenCookies() } };
}

/** Returns the application, by `client_id`, else by the audience of `id_token_hint`, which may have expired. */
async function leftApplication(
  parameters: URLSearchParams,
  instance: Instance,
): Promise<ApplicationRecord | undefined> {
  const hint = parameters.get('id_token_hint');
  const read = hint === null ? undefined : await readToken(instance, hint);
  if (hint !== null && read?.kind !== 'id_token') {
    throw oauthError(
      'invalid_request',
      'invalid_id_token_hint',
      'The id_token_hint is not an ID token of this issuer.',
    );
  }

  const clientId = parameters.get('client_id') ?? (read ? String(read.claims['aud']) : null);
  if (clientId === null) return undefined;
  const application = instance.state.applications.get(clientId);
  if (application) return application;
  throw oauthError('invalid_request', 'invalid_client_id', 'No client has this client_id.');
}

/**
 * Returns the requested address if the application has registered it; without one, the application's default. Throws
 * {@link OAuthError}.
 */
export function postLogoutAddress(
  wanted: string | null,
  application: ApplicationRecord | undefined,
): string | undefined {
  const oauthConfiguration = application?.oauthConfiguration ?? {};
  const { logoutURL } = oauthConfiguration;
  if (wanted === null || wanted === logoutURL || isRegistered(wanted, oauthConfiguration))
    return wanted ?? logoutURL;

  const description = 'This post_logout_redirect_uri is not registered for the client.';
  throw oauthError('invalid_request', 'invalid_post_logout_redirect_uri', description);
}

const tenantAddress = ({ state }: Instance, application: ApplicationRecord | undefined): string | undefined =>
  state.tenants.get(application?.tenantId ?? state.defaultTenantId)?.logoutURL;

const withState = (target: string, state: string | null): string =>
  URL.canParse(target) ? withParameters(target, { state }) : target;
