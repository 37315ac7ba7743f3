import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Answer, OAuthError, redirect } from '../answer.js';
import { cookie } from '../cookies.js';
import type { ApiRequest, Instance } from '../instance.js';
import { exchangeCode } from '../oauth/code-grant.js';
import {
  callbackOf,
  isRegistered,
  registeredAddress,
  type ReturnAddress,
  withParameters,
} from '../oauth/return-address.js';
import { registersItself } from '../users/registrations.js';
import { namedApplication, showErrors } from './client.js';
import { pkceVerifier, sessionCookies, setCookie } from './cookies.js';

/** The time limit of a log-in, from the first page to the callback: ten minutes. */
const verifierSeconds = 600;

/** The origin of a log-in, carried in the `state` of the authorization request: client id, address, caller's state. */
const flowSchema = z.object({ c: z.string(), r: z.string(), s: z.string().optional() });
type LoginFlow = z.output<typeof flowSchema>;

/** `GET /app/login[/{clientId}]`: redirects to the log-in page. */
export const startLogIn = (request: ApiRequest, instance: Instance): Promise<Answer> =>
  showErrors(() => redirectToPage(request, instance, () => '/oauth2/authorize'));

/**
 * `GET /app/register[/{clientId}]`: redirects to the registration page, or to the log-in page where people cannot
 * register.
 */
export const startRegistration = (request: ApiRequest, instance: Instance): Promise<Answer> =>
  showErrors(() =>
    redirectToPage(request, instance, (application) =>
      registersItself(application) ? '/oauth2/register' : '/oauth2/authorize',
    ),
  );

function redirectToPage(
  request: ApiRequest,
  instance: Instance,
  pageFor: (application: ReturnAddress['application']) => string,
): Answer {
  const { query, baseUrl } = request;
  const application = namedApplication(request, instance);
  const [first = null] = application.oauthConfiguration.authorizedRedirectURLs ?? [];
  const r = registeredAddress(query.get('redirect_uri') ?? first, application);
  const s = query.get('state') ?? undefined;
  const verifier = randomBytes(32).toString('base64url');
  const parameters = new URLSearchParams(query);
  const own = {
    client_id: application.id,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    redirect_uri: callbackOf(baseUrl),
    response_type: 'code',
    scope: query.get('scope') || 'openid offline_access',
    state: encodeFlow({ c: application.id, r, s }),
  };
  for (const [name, value] of Object.entries(own)) parameters.set(name, value);
  return withCookies(redirect(`${baseUrl}${pageFor(application)}?${parameters.toString()}`), [
    setCookie(request, pkceVerifier, verifier, verifierSeconds),
  ]);
}

/**
 * `GET /app/callback`: exchanges the code and sends the tokens to the browser in cookies. The verifier in the cookie
 * binds the code to the browser that started the log-in, so that nobody can be logged in by a link (RFC 9700 section
 * 2.1).
 */
export const finishLogIn = (request: ApiRequest, instance: Instance): Promise<Answer> =>
  showErrors(async () => {
    const { query, headers, baseUrl } = request;
    const flow = decodeFlow(query.get('state'));
    if (!flow) throw refused('The state does not come from /app/login or /app/register.');
    const application = namedApplication(request, instance, flow.c);
    const address = registeredAddress(flow.r, application);
    if (query.has('error')) throw refused('The log-in was refused or cancelled.');
    const verifier = cookie(headers['cookie'], pkceVerifier);
    if (!verifier)
      throw refused('This browser did not start this log-in, or started it too long ago. Log in again.');
    const form = new URLSearchParams({
      code: query.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: callbackOf(baseUrl),
    });
    // FusionAuth exchanges the code itself, so no client secret is needed.
    const client = { application, authenticated: true };
    const tokens = await exchangeCode({ ...request, form }, instance, client);
    if (tokens.refresh_token !== undefined) await instance.save();
    return withCookies(redirect(withParameters(address, { state: flow.s })), [
      ...sessionCookies(request, instance, tokens),
      setCookie(request, pkceVerifier, '', 0),
    ]);
  });

/**
 * Returns the address to redirect to after a log-in: that of the flow if the code went to FusionAuth's own callback.
 */
export function destinationOf({ application, redirectUri, state }: ReturnAddress, baseUrl: string): string {
  const flow = redirectUri === callbackOf(baseUrl) ? decodeFlow(state) : undefined;
  return flow && isRegistered(flow.r, application.oauthConfiguration) ? flow.r : redirectUri;
}

const withCookies = (answer: Answer, cookies: readonly string[]): Answer => ({
  ...answer,
  headers: { ...answer.headers, 'set-cookie': cookies },
});

const refused = (description: string) => new OAuthError(400, 'invalid_request', undefined, description);

const encodeFlow = (flow: LoginFlow): string => Buffer.from(JSON.stringify(flow)).toString('base64url');

function decodeFlow(state: string | null): LoginFlow | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(state ?? '', 'base64url').toString('utf8'));
    return flowSchema.safeParse(json).data;
  } catch {
    return undefined;
  }
}
