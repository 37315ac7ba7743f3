export type HostedBackend = ReturnType<typeof hostedBackend>;

/**
 * Addresses of FusionAuth's Hosted Backend for one application, as its SDKs write them (FusionAuth docs, Hosted Backend APIs).
 * `url` is FusionAuth as browsers reach it. Each `returnTo` must be a redirect URI of the application.
 */
export function hostedBackend(url: string, clientId: string) {
  const address = (name: string, parameters: Readonly<Record<string, string>> = {}) =>
    `${url}/app/${name}/?${new URLSearchParams({ client_id: clientId, ...parameters }).toString()}`;
  return {
    /** A log-in that comes with a refresh token. `state` is added to `returnTo` as it is. */
    logIn: (returnTo: string, state?: string) =>
      address('login', {
        redirect_uri: returnTo,
        scope: 'openid offline_access',
        ...(state !== undefined && { state }),
      }),
    logOut: (returnTo: string) => address('logout', { post_logout_redirect_uri: returnTo }),
    /** Takes a POST with the cookies: 200 with new ones, 400 where the person must log in again. */
    refresh: address('refresh'),
  };
}
