import { type Answer, OAuthError, oauthError, redirect, Refusal } from '../answer.js';
import {
  type AuthorizationRequest,
  checkAuthorizationRequest,
  checkPrompt,
} from '../oauth/authorization-request.js';
import { findReturnAddress, type ReturnAddress, returnTo } from '../oauth/return-address.js';
import { errorPage } from '../pages/error-page.js';
import { logInPage } from '../pages/log-in-page.js';
import type { UserRecord } from '../state/state.js';
import { issueCode } from '../tokens/authorization-code.js';
import { logIn } from '../users/log-in.js';
import type { Call, World } from '../world.js';

/** `GET /oauth2/authorize`: the log-in page (RFC 6749 section 4.1.1). */
export function showLogIn(call: Call, world: World): Promise<Answer> {
  return answering(call, world, call.query, (address) => {
    checkAuthorizationRequest(call.query, address.application);
    checkPrompt(call.query.get('prompt'));
    return formFor(address, call.query);
  });
}

/** The form of that page: on success a redirect with a code, else the page again with what is wrong. */
export function submitLogIn(call: Call, world: World): Promise<Answer> {
  refuseOtherSites(call);
  const { loginId, password, parameters } = splitForm(call.form);
  return answering(call, world, parameters, async (address) => {
    const request = checkAuthorizationRequest(parameters, address.application);
    const { application, tenant } = address;
    const result = await logIn(world, {
      tenantId: tenant.id,
      applicationId: application.id,
      loginId,
      password,
    });
    if (result.outcome === 'accepted') return redirect(grantCode(world, address, request, result.user));
    return formFor(address, parameters, loginId, refusals[result.outcome]);
  });
}

const refusals = {
  refused: 'Invalid log-in credentials.',
  prevented: 'Your account has been locked for a while. Try again later.',
  locked: 'Your account has been locked. Ask your administrator.',
  expired: 'Your account has expired. Ask your administrator.',
};

/** Errors before the return address is known are shown; later ones are sent to it. */
async function answering(
  call: Call,
  world: World,
  parameters: URLSearchParams,
  proceed: (address: ReturnAddress) => Answer | Promise<Answer>,
): Promise<Answer> {
  let address: ReturnAddress | undefined;
  try {
    address = findReturnAddress(parameters, world);
    return await proceed(address);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    if (!address) return call.headers['accept']?.includes('text/html') ? errorPage(error) : error.answer;
    const { error: code, reason, description } = error;
    return redirect(returnTo(address, { error: code, error_reason: reason, error_description: description }));
  }
}

function grantCode(
  world: World,
  address: ReturnAddress,
  { scopes, challenge, nonce }: AuthorizationRequest,
  { id, user }: UserRecord,
): string {
  const { application, tenant, redirectUri } = address;
  const registered = user.registrations.some(({ applicationId }) => applicationId === application.id);
  if (!registered && application.oauthConfiguration.requireRegistration)
    throw oauthError('access_denied', 'registration_required', 'The person is not registered here.');

  const code = issueCode(world, tenant.id, {
    clientId: application.id,
    redirectUri,
    userId: id,
    scopes,
    authTime: Math.floor(world.now() / 1000),
    ...(challenge === null ? {} : { challenge }),
    ...(nonce === null ? {} : { nonce }),
  });
  return returnTo(address, {
    code,
    locale: 'en',
    userState: registered ? 'Authenticated' : 'AuthenticatedNotRegistered',
  });
}

function formFor(
  address: ReturnAddress,
  parameters: URLSearchParams,
  loginId?: string,
  error?: string,
): Answer {
  return logInPage({
    application: address.application.name,
    redirectUri: address.redirectUri,
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

/** A form of another site must not log somebody in here as someone else (login CSRF). */
function refuseOtherSites({ headers, baseUrl }: Call): void {
  const site = headers['sec-fetch-site'];
  const foreign =
    site === undefined ? ![undefined, baseUrl].includes(headers['origin']) : site !== 'same-origin';
  if (foreign) throw new Refusal({ status: 403 });
}
