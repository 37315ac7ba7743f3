import {
  allowInsecureRequests,
  type ClientAuth,
  Configuration,
  ResponseBodyError,
  type ServerMetadata,
  type TokenEndpointResponse,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { z } from 'zod';
import { systemPause } from '#gatehouse/platform';
import { CredentialFailure } from './credential-failure.js';
import type { SourceParts } from './source.js';

const timeoutSeconds = 10;
/** The pauses before each retry, in milliseconds. */
const pausesMs = [500, 2_000];
/**
 * After an answer that took longer, there is one more retry after the long pause: the server may have used the token,
 * whose grace period is 60 s.
 */
const slowMs = 5_000;
const longPauseMs = 15_000;

// OpenID Connect Discovery 1.0 section 3. FusionAuth's issuer is free text and may not be a URL.
const metadataSchema = z.looseObject({ issuer: z.string().min(1), token_endpoint: z.url() });

export interface Tokens {
  readonly accessToken: string;
  /** Present if the authorization server rotated the refresh token. */
  readonly refreshToken?: string | undefined;
  /** As the server stated it. */
  readonly expiresInSeconds?: number | undefined;
}

type TokenRequest = (configuration: Configuration) => Promise<TokenEndpointResponse>;

interface OAuthClient {
  readonly id: string;
  /** Returns how the client authenticates; called for each request, so that a secret replaced in its file is used. */
  readonly authentication: () => Promise<ClientAuth> | ClientAuth;
}

/**
 * Returns a function that calls the token endpoint of an authorization server (RFC 6749 section 3.2). The metadata is read
 * from the base URL, not derived from the issuer; it is cached, and read again after any failure. Calls without an answer
 * are repeated within the grace period that a one-time token has after a lost answer. Throws {@link CredentialFailure}:
 * `refused` only for an OAuth error of the server itself, with the message that `cureOf` returns.
 */
export function tokenEndpoint(
  { issuerUrl, clock, pause = systemPause }: Pick<SourceParts, 'issuerUrl' | 'clock' | 'pause'>,
  client: OAuthClient,
  cureOf: (error: string) => string,
): (request: TokenRequest) => Promise<Tokens> {
  let metadata: Promise<ServerMetadata> | undefined;
  const ask = async (request: TokenRequest, authentication: ClientAuth): Promise<Tokens> => {
    try {
      metadata ??= discover(issuerUrl);
      const configuration = new Configuration(await metadata, client.id, undefined, authentication);
      configuration.timeout = timeoutSeconds;
      // Whether plain http is acceptable was decided with the base URL; https there never falls back to http here.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out, not to go away
      if (issuerUrl.startsWith('http:')) allowInsecureRequests(configuration);
      const answer = await request(configuration);
      if (answer.token_type !== 'bearer') throw new Error('the token is not a bearer token');
      return {
        accessToken: answer.access_token,
        refreshToken: answer.refresh_token,
        expiresInSeconds: answer.expires_in,
      };
    } catch (error) {
      metadata = undefined;
      throw asFailure(error, issuerUrl, cureOf);
    }
  };
  return async (request) => {
    const authentication = await client.authentication();
    let [pauses, wasSlow] = [pausesMs, false];
    for (;;) {
      const begun = clock();
      const answer = await ask(request, authentication).catch((error: unknown) => error as CredentialFailure);
      if (!(answer instanceof CredentialFailure)) return answer;
      if (!wasSlow && clock() - begun > slowMs) [pauses, wasSlow] = [[longPauseMs], true];
      const [wait, ...later] = pauses;
      if (answer.kind === 'refused' || wait === undefined) throw answer;
      await pause(wait);
      pauses = later;
    }
  };
}

async function discover(baseUrl: string): Promise<ServerMetadata> {
  const response = await fetch(`${baseUrl}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  });
  if (response.status !== 200) throw new Error(`discovery answered ${response.status}`);
  const metadata = metadataSchema.safeParse(await response.json().catch(() => undefined));
  if (!metadata.success) throw new Error('discovery did not answer with its metadata');
  return metadata.data as ServerMetadata;
}

/**
 * Converts an error. Only an OAuth error (RFC 6749 section 5.2) is a refusal; no answer, 5xx, 429 and unusable
 * answers are not.
 */
function asFailure(error: unknown, baseUrl: string, cureOf: (error: string) => string): CredentialFailure {
  const refusal = oauthErrorOf(error);
  if (refusal !== undefined) return new CredentialFailure('refused', cureOf(refusal));
  return new CredentialFailure(
    'unavailable',
    `FusionAuth at ${baseUrl} gave no usable answer (${describe(error)}). The credential is unchanged; check FUSIONAUTH_URL and retry.`,
  );
}

const passing = ['server_error', 'temporarily_unavailable'];

function oauthErrorOf(error: unknown): string | undefined {
  if (error instanceof WWWAuthenticateChallengeError && error.status === 401) return 'invalid_client';
  if (!(error instanceof ResponseBodyError) || error.status === 429 || passing.includes(error.error))
    return undefined;
  return error.error.replace(/[^\w-]/g, '?').slice(0, 60);
}

/**
 * Returns a short reason without any part of the answer, which could contain tokens: the code of the innermost error.
 */
function describe(error: unknown): string {
  let reason = error instanceof Error ? error.message : 'unknown error';
  for (
    let at = error as { name?: unknown; code?: unknown; cause?: unknown } | undefined;
    at;
    at = at.cause as never
  ) {
    if (at.name === 'TimeoutError') return `no answer within ${timeoutSeconds} s`;
    if (typeof at.code === 'string') reason = at.code;
  }
  return reason;
}
