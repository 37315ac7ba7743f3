import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { oauthError } from '../answer.js';
import type { RefreshTokenRecord, State } from '../state/state.js';
import type { JwtConfiguration } from '../wire.js';

const newToken = () => randomBytes(32).toString('base64url');
const digest = (token: string) => createHash('sha256').update(token).digest('base64url');
const defaultLifetimeMinutes = 43_200;

const unknownToken = () =>
  oauthError('invalid_grant', 'refresh_token_not_found', 'The refresh token was not found or was revoked.');

type NewRefreshToken = Pick<
  RefreshTokenRecord,
  'userId' | 'applicationId' | 'tenantId' | 'scopes' | 'resources' | 'gty' | 'authTime' | 'pkce' | 'address'
>;

/** Starts a session; `now` in milliseconds. */
export function createRefreshToken(state: State, session: NewRefreshToken, now: number): RefreshTokenRecord {
  const record = {
    ...session,
    id: randomUUID(),
    token: newToken(),
    spent: [],
    startInstant: now,
    lastUsedInstant: now,
  };
  state.refreshTokens.set(record.id, record);
  return record;
}

/**
 * Finds the session that `token` belongs to, of the client that it was issued to; `now` in milliseconds. A value
 * already rotated away is accepted within the grace period. Later it is refused, and revokes the session when the
 * policy `onOneTimeTokenReuse` says so. Throws {@link OAuthError} `invalid_grant`.
 */
export function findSession(
  state: State,
  token: string,
  applicationId: string,
  policy: JwtConfiguration,
  now: number,
): RefreshTokenRecord {
  const records = [...state.refreshTokens.values()].filter(
    (record) => record.applicationId === applicationId,
  );
  const current = records.find((record) => isValueOf(record, token, now));
  if (current && !isExpired(current, policy, now)) return current;
  const hash = digest(token);
  const reused = records.find(({ spent }) => spent.includes(hash));
  if (reused && policy.refreshTokenRevocationPolicy?.onOneTimeTokenReuse)
    state.refreshTokens.delete(reused.id);
  throw unknownToken();
}

/** Returns the session that has, or once had, this value, of any client and in any state. */
export function sessionEverWith({ refreshTokens }: State, token: string): RefreshTokenRecord | undefined {
  const hash = digest(token);
  return [...refreshTokens.values()].find(
    ({ token: value, spent }) => value === token || spent.includes(hash),
  );
}

/** Returns whether `token` is the session's current value, or the previous one within its grace period. */
export const isValueOf = (
  { token: value, previous }: RefreshTokenRecord,
  token: string,
  now: number,
): boolean => value === token || (previous?.token === token && now < previous.until);

/** Returns the time (ms) at which the session expires unless it is used before. */
export function sessionExpiry(record: RefreshTokenRecord, policy: JwtConfiguration): number {
  const lifetime = (policy.refreshTokenTimeToLiveInMinutes ?? defaultLifetimeMinutes) * 60_000;
  const expirationPolicy = policy.refreshTokenExpirationPolicy ?? 'Fixed';
  if (expirationPolicy === 'Fixed') return record.startInstant + lifetime;
  const maximum = policy.refreshTokenSlidingWindowConfiguration?.maximumTimeToLiveInMinutes;
  const capped = expirationPolicy === 'SlidingWindowWithMaximumLifetime' && maximum !== undefined;
  return Math.min(
    record.lastUsedInstant + lifetime,
    capped ? record.startInstant + maximum * 60_000 : Infinity,
  );
}

export const isExpired = (record: RefreshTokenRecord, policy: JwtConfiguration, now: number): boolean =>
  now >= sessionExpiry(record, policy);

/**
 * Marks the session as used and, under OneTimeUse, gives it a new value. The value rotated away during the grace period
 * gets the same successor again, so that two workers who race get the same token. Returns the value that the client
 * must store, or nothing when the current one stays valid.
 */
export function useSession(
  record: RefreshTokenRecord,
  presented: string,
  policy: JwtConfiguration,
  now: number,
): string | undefined {
  record.lastUsedInstant = now;
  if (policy.refreshTokenUsagePolicy !== 'OneTimeUse') return undefined;
  if (presented !== record.token) return record.token;
  const graceSeconds = policy.refreshTokenOneTimeUseConfiguration?.gracePeriodInSeconds ?? 0;
  record.previous = { token: record.token, until: now + graceSeconds * 1000 };
  record.spent.push(digest(record.token));
  record.token = newToken();
  return record.token;
}
