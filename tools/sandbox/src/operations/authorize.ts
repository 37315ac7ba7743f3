import { type Answer, OAuthError, oauthError, redirect, Refusal } from '../answer.js';
import { destinationOf } from '../hosted-backend/login-flow.js';
import type { ApiRequest, Instance } from '../instance.js';
import {
  type AuthorizationRequest,
  checkAuthorizationRequest,
  checkPrompt,
} from '../oauth/authorization-request.js';
import { findReturnAddress, type ReturnAddress, returnTo } from '../oauth/return-address.js';
import { errorPage } from '../pages/error-page.js';
import { logInPage } from '../pages/log-in-page.js';
import type { RegistrationRecord, UserRecord } from '../state/state.js';
import { issueCode } from '../tokens/authorization-code.js';
import { logIn } from '../users/log-in.js';

/** `GET /oauth2/authorize`: the log-in page (RFC 6749 section 4.1.1). */
export function showLogIn(request: ApiRequest, instance: Instance): Promise<Answer> {
  return redirectErrors(request, instance, request.query, (address) => {
    checkAuthorizationRequest(request.query, address.application);
    checkPrompt(request.query.get('prompt'));
    return formFor(request, address, request.query);
  });
}

/** Handles the form of that page: on success a redirect with a code, else the page again with the error. */
export function submitLogIn(request: ApiRequest, instance: Instance): Promise<Answer> {
  refuseOtherSites(request);
  const { loginId, password, parameters } = splitForm(request.form);
  return redirectErrors(request, instance, parameters, async (address) => {
    const wanted = checkAuthorizationRequest(parameters, address.application);
    const { application, tenant } = address;
    const result = await logIn(instance, {
      request,
      tenantId: tenant.id,
      applicationId: application.id,
      loginId,
      password,
    });
    if (result.outcome === 'accepted') return redirect(grantCode(instance, address, wanted, result.user));
    return formFor(request, address, parameters, loginId, logInRefusals[result.outcome]);
  });
}

/** The texts shown when a log-in is refused. */
export const logInRefusals = {
  refused: 'Invalid log-in credentials.',
  prevented: 'Your account has been locked for a while. Try again later.',
  locked: 'Your account has been locked. Ask your administrator.',
  expired: 'Your account has expired. Ask your administrator.',
  gated:
    'A further step is due: a new password, a second factor or a verification. The sandbox has no page for it.',
};

/** Shows errors to the person until the return address is known, and sends later ones there. */
export async function redirectErrors(
  request: ApiRequest,
  instance: Instance,
  parameters: URLSearchParams,
  proceed: (address: ReturnAddress) => Answer | Promise<Answer>,
): Promise<Answer> {
  let address: ReturnAddress | undefined;
  try {
    address = findReturnAddress(parameters, instance, request.baseUrl);
    return await proceed(address);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    if (!address) return request.headers['accept']?.includes('text/html') ? errorPage(error) : error.answer;
    const { error: code, reason, description } = error;
    return redirect(
      returnTo(address, { error: code, error_reason: reason ?? null, error_description: description }),
    );
  }
}

export function grantCode(
  instance: Instance,
  address: ReturnAddress,
  { scopes, resources, challenge, nonce }: AuthorizationRequest,
  { id, user }: UserRecord,
): string {
  const { application, tenant, redirectUri } = address;
  const registration = user.registrations.find(({ applicationId }) => applicationId === application.id);
  if (!registration && application.oauthConfiguration.requireRegistration)
    throw oauthError('access_denied', 'registration_required', 'The person is not registered here.');

  const code = issueCode(instance, tenant.id, {
    clientId: application.id,
    redirectUri,
    userId: id,
    scopes,
    resources,
    authTime: Math.floor(instance.now() / 1000),
    ...(challenge === null ? {} : { challenge }),
    ...(nonce === null ? {} : { nonce }),
  });
  return returnTo(address, {
    code,
    locale: 'en',
    userState: userState(user, registration),
  });
}

/** Returns FusionAuth's hint about the user; which of two applies is not documented. */
function userState(user: UserRecord['user'], registration: RegistrationRecord | undefined): string {
  if (!registration) return 'AuthenticatedNotRegistered';
  if (registration.verified === false) return 'AuthenticatedRegistrationNotVerified';
  return user.verified === false ? 'AuthenticatedNotVerified' : 'Authenticated';
}

function formFor(
  { baseUrl }: ApiRequest,
  address: ReturnAddress,
  parameters: URLSearchParams,
  loginId?: string,
  error?: string,
): Answer {
  return logInPage({
    application: address.application.name,
    redirectUri: destinationOf(address, baseUrl),
    parameters,
    loginId: loginId ?? parameters.get('login_hint') ?? '',
    ...(error === undefined ? {} : { error }),
  });
}

function splitForm(form: URLSearchParams) {
  const parameters = new URLSearchParams(form);
  parameters.delete('loginId');
  parameters.delete('password');
  return { loginId: form.get('loginId') ?? '', password: form.get('password') ?? '', parameters };
}

/** Refuses a form of another site: it must not log a person in here as someone else (login CSRF). */
export function refuseOtherSites({ headers, baseUrl }: ApiRequest): void {
  const site = headers['sec-fetch-site'];
  const foreign =
    site === undefined ? ![undefined, baseUrl].includes(headers['origin']) : site !== 'same-origin';
  if (foreign) throw new Refusal({ status: 403 });
}
