import * as oauth from 'openid-client';
import { z } from 'zod';
import { type Clock, type Pause, type Secret, systemClock, systemPause } from '#gatehouse/platform';
import { oauthClient } from './oauth-client.js';

/** The data with which a person approves a device (RFC 8628 section 3.2). */
export interface ApprovalRequest {
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same address with the code in it. */
  readonly verificationUriComplete?: string | undefined;
  readonly expiresInSeconds: number;
}

export interface DeviceGrant {
  /** Base URL of FusionAuth. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret?: Secret | undefined;
  readonly tenantId: string;
  readonly clock?: Clock;
  readonly pause?: Pause | undefined;
  /** Shows a person where to approve. */
  readonly show: (request: ApprovalRequest) => void;
  readonly report: (text: string) => void;
  /** Aborted when the tokens are no longer needed. */
  readonly signal: AbortSignal;
}

/** The tokens of an approved device. */
export interface DeviceTokens {
  readonly sessionId: string;
  readonly refreshToken: string;
  readonly accessToken: string;
}

/** FusionAuth gives no tokens; `error` is its OAuth error, or `no_session` for tokens without a refresh token. */
export class DeviceGrantError extends Error {
  override name = 'DeviceGrantError';
  constructor(readonly error: string) {
    super(`the device grant failed with ${error}`);
  }
}

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
/** RFC 8628 sections 3.2 and 3.5. */
const defaultIntervalSeconds = 5;
const slowDownSeconds = 5;
/** The longest wait between two polls while FusionAuth gives no answer. */
const maxIntervalSeconds = 60;

const tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  refresh_token_id: z.uuid(),
});

/**
 * Asks for a session by the device grant, shows a person where to approve it, and polls until that has happened. Throws
 * {@link DeviceGrantError} when FusionAuth refuses or the code expires, the signal's reason when it aborts during a wait,
 * and any other error when the first request finds no FusionAuth. Polls continue through failures of the network until the
 * code expires.
 */
export async function walkDeviceGrant(grant: DeviceGrant): Promise<DeviceTokens> {
  const { url, clientId, tenantId, clientSecret, clock, show } = grant;
  const authentication = clientSecret ? oauth.ClientSecretPost(clientSecret.reveal()) : oauth.None();
  const client = await oauthClient({ url, clientId, authentication, clock });
  const device = await oauth
    .initiateDeviceAuthorization(client, { scope: 'offline_access', tenantId })
    .catch((error: unknown) => {
      const refusal = refusalOf(error);
      throw refusal === undefined ? error : new DeviceGrantError(refusal);
    });
  show({
    userCode: device.user_code,
    verificationUri: device.verification_uri,
    verificationUriComplete: device.verification_uri_complete,
    expiresInSeconds: device.expires_in,
  });
  const answer = tokens.safeParse(await polled(client, device, grant));
  if (!answer.success) throw new DeviceGrantError('no_session');
  const { access_token: accessToken, refresh_token: refreshToken, refresh_token_id: sessionId } = answer.data;
  return { sessionId, refreshToken, accessToken };
}

/** Polls at the pace that the server asks for, and more slowly while no answer comes. */
async function polled(
  client: oauth.Configuration,
  device: oauth.DeviceAuthorizationResponse,
  { clock = systemClock, pause = systemPause, report, signal }: DeviceGrant,
): Promise<oauth.TokenEndpointResponse> {
  const parameters = { device_code: device.device_code };
  const end = clock() + device.expires_in * 1000;
  const pace = new Pace(device.interval);
  let minutes = minutesUntil(end, clock);
  for (;;) {
    await pause(pace.seconds * 1000, signal);
    const answer = await oauth.genericGrantRequest(client, grantType, parameters).catch(waitingOf);
    if (typeof answer === 'object') return answer;
    if (clock() >= end) throw new DeviceGrantError('expired_token');
    if (pace.heard(answer)) report('FusionAuth gives no answer; asking on until the code expires');
    const left = minutesUntil(end, clock);
    if (left < minutes) report(`waiting for the approval; the code expires in ${left} min`);
    minutes = left;
  }
}

type Waiting = 'authorization_pending' | 'slow_down' | 'silence';

/** Returns why the client must keep waiting. Throws a {@link DeviceGrantError} for a refusal. */
function waitingOf(error: unknown): Waiting {
  const refusal = refusalOf(error) ?? 'silence';
  if (refusal === 'authorization_pending' || refusal === 'slow_down' || refusal === 'silence') return refusal;
  throw new DeviceGrantError(refusal);
}

/** How long to wait before the next poll (RFC 8628 section 3.5). */
class Pace {
  #interval: number;
  #silences = 0;

  constructor(interval = defaultIntervalSeconds) {
    this.#interval = interval;
  }

  /** Twice as long after each poll without an answer. */
  get seconds(): number {
    const backedOff = this.#interval * 2 ** this.#silences;
    return Math.min(backedOff, Math.max(this.#interval, maxIntervalSeconds));
  }

  /** Notes an answer; tells whether a silence has begun with it. */
  heard(answer: Waiting): boolean {
    if (answer === 'slow_down') this.#interval += slowDownSeconds;
    this.#silences = answer === 'silence' ? this.#silences + 1 : 0;
    return this.#silences === 1;
  }
}

const minutesUntil = (instant: number, clock: Clock): number => Math.ceil((instant - clock()) / 60_000);

/** The OAuth error that FusionAuth itself sent; undefined for silence, 5xx, 429 and nonsense. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof oauth.WWWAuthenticateChallengeError && error.status === 401) return 'invalid_client';
  if (!(error instanceof oauth.ResponseBodyError) || error.status === 429) return undefined;
  return error.error.replace(/[^\w-]/g, '?').slice(0, 60);
}
