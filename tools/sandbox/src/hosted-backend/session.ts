import { type Answer, oauthError, redirect } from '../answer.js';
import { cookie } from '../cookies.js';
import type { ApiRequest, Instance } from '../instance.js';
import { exchangeRefreshToken } from '../oauth/refresh-grant.js';
import { postLogoutAddress } from '../operations/logout.js';
import { describeBearer } from '../operations/userinfo.js';
import { namedApplication, showErrors } from './client.js';
import { accessToken, noSessionCookies, refreshToken, sessionCookies } from './cookies.js';

/** `GET /app/me`: the answer of `/oauth2/userinfo` for the cookie alone; 401 without a current one. */
export const describeMe = ({ headers }: ApiRequest, instance: Instance): Promise<Answer> =>
  describeBearer(cookie(headers['cookie'], accessToken), instance);

/**
 * `POST /app/refresh[/{clientId}]`, without a body: new cookies for `app.rt`; 400 when the person must log in again.
 */
export async function refreshCookies(request: ApiRequest, instance: Instance): Promise<Answer> {
  const application = namedApplication(request, instance);
  const presented = cookie(request.headers['cookie'], refreshToken) ?? '';
  if (!application.oauthConfiguration.enabledGrants?.includes('refresh_token'))
    throw oauthError('unauthorized_client', 'grant_type_disabled', 'The client may not use this grant.');

  const form = new URLSearchParams({ refresh_token: presented });
  const tokens = await exchangeRefreshToken({ ...request, form }, instance, {
    application,
    authenticated: true,
  });
  // The browser is about to replace its old refresh token: the new one must survive a crash of this process.
  await instance.save();
  const cookies = sessionCookies(request, instance, tokens, presented);
  return { status: 200, headers: { 'set-cookie': cookies, 'cache-control': 'no-store' } };
}

/**
 * `GET /app/logout[/{clientId}]`: removes the cookies and redirects to `/oauth2/logout`. The refresh token stays valid,
 * because the documentation does not say that FusionAuth revokes it.
 */
export const endCookies = (request: ApiRequest, instance: Instance): Promise<Answer> =>
  showErrors(() => {
    const { query, baseUrl } = request;
    const application = namedApplication(request, instance);
    const wanted = query.get('post_logout_redirect_uri') ?? query.get('redirect_uri');
    const address = postLogoutAddress(wanted, application);
    const parameters = new URLSearchParams({ client_id: application.id });
    if (address !== undefined) parameters.set('post_logout_redirect_uri', address);
    const answer = redirect(`${baseUrl}/oauth2/logout?${parameters.toString()}`);
    return { ...answer, headers: { ...answer.headers, 'set-cookie': noSessionCookies(request) } };
  });
