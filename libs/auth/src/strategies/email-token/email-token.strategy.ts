import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoginResult } from '#gatehouse/fusionauth';
import { isTimeZone } from '#gatehouse/platform';
import { isRefused } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import type { CredentialStrategy, Verdict } from '../../core/strategy.js';
import type { SharedConfig, StrategyParts } from '../define-strategy.js';
import { readCompactToken } from '../jwt/compact-token.js';
import { withinBudget } from './attempt-budget.js';
import { basic, type EmailAndToken, extractBasic } from './basic.js';
import { rejected } from './reasons.js';
import { refusalTime } from './refusal-time.js';

/** Share of the deadline that a refusal may take; a later one would count as a time-out. */
const shareOfDeadline = 3 / 4;

/** Accepts e-mail and authentication token in `Authorization: Basic`, checked by FusionAuth's Login API. */
export function createEmailToken(
  config: SharedConfig & { readonly FUSIONAUTH_DEADLINE_MS: number },
  parts: StrategyParts,
): CredentialStrategy<EmailAndToken> {
  const hashed = (text: string) =>
    createHmac('sha256', config.FUSIONAUTH_API_KEY?.reveal() ?? '')
      .update(text)
      .digest('base64url');
  const refusals = refusalTime(parts.clock, config.FUSIONAUTH_DEADLINE_MS * shareOfDeadline);

  return {
    name: 'email-token',
    consumes: [basic],
    description: 'E-mail and FusionAuth authentication token',
    challenge: { scheme: basic.scheme, parameters: ['charset="UTF-8"'] },
    extract: (held, _carrier, { address }) => extractBasic(held, address),
    key: textOf,
    async confirm(credential, signal) {
      const started = performance.now();
      const keys = { pair: hashed(textOf(credential)), loginId: hashed(credential.email) };
      const verdict = await withinBudget(parts.memory, keys, async () =>
        judge(await parts.fusionAuth.login(credential, signal), config, parts.clock()),
      );
      const takenMs = performance.now() - started;
      refusals.note(takenMs);
      if (isRefused(verdict)) await pause(Math.max(0, refusals.durationMs() - takenMs));
      return verdict;
    },
  };
}

const textOf = ({ email, token }: EmailAndToken): string => `${email.length}:${email}${token}`;

/**
 * Judges the answer of the Login API. A 200 is not enough: the user's real password gets it too, and must not be
 * accepted here. The token in the answer, received over our own connection to FusionAuth, says which of the two was
 * presented.
 */
function judge(result: LoginResult, config: SharedConfig, now: number): Verdict {
  if (result.kind === 'refused') return rejected(result.reason);
  const claims = readCompactToken(result.token)?.claims ?? {};
  if (claims['authenticationType'] !== 'APPLICATION_TOKEN') return rejected('password-presented');
  const { user } = result;
  const registration = user.registrations.find(
    (one) => one.applicationId === config.FUSIONAUTH_APPLICATION_ID,
  );
  if (!registration || claims['applicationId'] !== config.FUSIONAUTH_APPLICATION_ID)
    return rejected('not-registered');
  if (user.tenantId !== config.FUSIONAUTH_TENANT_ID) return rejected('other-tenant');
  const principal: Principal = {
    subject: user.id,
    issuer: String(claims['iss']),
    kind: 'user',
    via: 'email-token',
    tenantId: user.tenantId,
    roles: registration.roles,
    credentialId: `${user.id}:authentication-token`,
    ...(user.verified && user.email ? { email: user.email } : {}),
    ...(isTimeZone(user.timezone) ? { timeZone: user.timezone } : {}),
  };
  return untilExpiry(principal, registration.data?.expiresAt, now);
}

/**
 * Applies the expiry in the registration's data, in milliseconds: FusionAuth's authentication tokens do not expire by
 * themselves.
 */
function untilExpiry(principal: Principal, expiresAt: unknown, now: number): Verdict {
  if (expiresAt === undefined) return { ok: true, principal };
  if (typeof expiresAt !== 'number') return rejected('expiry-unreadable');
  return expiresAt <= now ? rejected('expired') : { ok: true, principal, expiresAt };
}
