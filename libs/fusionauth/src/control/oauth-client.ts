import * as oauth from 'openid-client';
import type { Clock } from '#gatehouse/platform';

export interface OAuthClient {
  /** Base URL of FusionAuth, where discovery is read; the issuer need not look like it. */
  readonly url: string;
  readonly clientId: string;
  /** By default the client has no secret. */
  readonly authentication?: oauth.ClientAuth;
  /** The authorization server's time in milliseconds, if it differs from this machine's. */
  readonly clock?: Clock | undefined;
}

/** Reads FusionAuth's metadata from `url`: the issuer may be a name, from which a client cannot discover it. */
export async function oauthClient(of: OAuthClient): Promise<oauth.Configuration> {
  const { url, clientId, clock, authentication = oauth.None() } = of;
  const response = await fetch(`${url}/.well-known/openid-configuration`, inTime());
  if (!response.ok) throw new Error(`discovery at ${url} answered ${response.status}`);
  const server = (await response.json()) as oauth.ServerMetadata;
  const skewSeconds = clock ? Math.round((clock() - Date.now()) / 1000) : 0;
  const metadata = { [oauth.clockSkew]: skewSeconds };
  const client = new oauth.Configuration(server, clientId, metadata, authentication);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out; loopback http is meant here
  if (url.startsWith('http:')) oauth.allowInsecureRequests(client);
  return client;
}

export const inTime = () => ({ signal: AbortSignal.timeout(10_000) });
