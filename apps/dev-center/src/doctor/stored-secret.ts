import { FusionAuthUnavailable } from '#gatehouse/fusionauth';
import type { Credential } from '../clients/credential.repository.js';
import type { CommandContext } from '../context.js';
import { issuerOf } from '../issuers/device-session.js';
import { issuers } from '../issuers/index.js';
import { endTimeOf } from '../lifecycle/settle.js';
import { type Check, failed, passed, unchecked } from './check.js';
import { type Presented, presentedAs } from './presented.js';

/**
 * Checks a secret as `issue --out` writes it, and returns the credential that its client would send, if that can be
 * obtained. Secrets of all kinds look alike, so nothing is sent anywhere unless the audit trail says which one it is.
 */
export async function checkStoredSecret(
  context: CommandContext,
  secret: string,
): Promise<{ readonly checks: readonly Check[]; readonly presented?: Presented }> {
  const known = await context.credentials.bySecret(secret);
  if (!known) return { checks: [failed('form', unknown)] };
  const { fusionauthId, client, strategy } = known;
  const checks = [passed('form', issuers[strategy].secret), checkOfRecord(known, context.clock())];
  if (known.state === 'ended' || !fusionauthId) return { checks };
  const issuer = issuerOf(context, known);
  const remarks = await issuer.inspect(fusionauthId, client.roles);
  checks.push(...remarks.map(({ text }) => failed('FusionAuth', text)));
  if (remarks.some(({ kind }) => kind === 'gone')) return { checks };
  if (!issuer.present) return { checks: [...checks, notSpent] };
  try {
    const text = await issuer.present(fusionauthId, secret);
    return text === undefined
      ? { checks }
      : { checks, presented: presentedAs(issuers[strategy].strategy, text) };
  } catch (error) {
    if (!(error instanceof FusionAuthUnavailable) || error.status !== 401) throw error;
    return { checks: [...checks, secretChanged] };
  }
}

const unknown =
  'not recognised, and so sent nowhere: not an access token, an API key created here, EMAIL:TOKEN, or a secret ' +
  'that "issue" or "rotate" issued (a refresh token may have been exchanged for another one since). Write it as it ' +
  'is sent: "X-API-Key: KEY", "Authorization: Bearer TOKEN" or "EMAIL:TOKEN"';

// FusionAuth may answer with a new one, and this one would be lost to its client.
const notSpent = unchecked(
  'refresh',
  'not tried, because a refresh token can be single-use: a client exchanges it for an access token at /oauth2/token',
);

const secretChanged = failed(
  'FusionAuth',
  'refuses it, although the entity exists: its secret was changed in FusionAuth',
);

/** Returns what the records say about a credential. */
export function checkOfRecord(known: Credential, now: number): Check {
  const end = endTimeOf(known);
  const until = end === undefined ? '' : `, ${end <= now ? 'ended' : 'ends'} ${new Date(end).toISOString()}`;
  const { name, roles } = known.client;
  const text = `${known.id} of ${name} (${roles.join(', ')}), ${known.state}${until}`;
  return known.state === 'ended' ? failed('issued here', text) : passed('issued here', text);
}
