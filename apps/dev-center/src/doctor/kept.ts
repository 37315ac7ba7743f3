import { FusionAuthUnavailable } from '#gatehouse/fusionauth';
import type { Center } from '../center.js';
import type { Credential } from '../clients/credential.repository.js';
import { type IssuerName, issuers } from '../issuers/index.js';
import { endOf } from '../life/settle.js';
import { type Check, fine, open, wrong } from './check.js';
import { type Presented, presentedAs } from './presented.js';

/** A secret that a client keeps, and what it would send by means of it where that can be had. */
export interface Kept {
  readonly checks: readonly Check[];
  readonly presented?: Presented | undefined;
}

/**
 * Looks at a secret as `issue --out` writes it. These look alike whatever they are, so nothing is sent anywhere unless
 * the audit trail says which one it is.
 */
export async function checkKept(center: Center, secret: string): Promise<Kept> {
  const known = await center.store().credentials.bySecret(secret);
  if (!known) return { checks: [wrong('form', unknown)] };
  const strategy = known.strategy as IssuerName;
  const record = [fine('form', issuers[strategy].secret), recordOf(known, center.clock())];
  if (known.state === 'ended' || !known.fusionauthId) return { checks: record };
  const issuer = center.issuer(strategy);
  const remarks = await issuer.inspect(known.fusionauthId, known.client.roles);
  const checks = [...record, ...remarks.map(({ text }) => wrong('FusionAuth', text))];
  if (remarks.some(({ kind }) => kind === 'gone')) return { checks };
  if (!issuer.present) return { checks: [...checks, unspent] };
  try {
    const text = await issuer.present(known.fusionauthId, secret);
    return {
      checks,
      presented: text === undefined ? undefined : presentedAs(issuers[strategy].strategy, text),
    };
  } catch (error) {
    if (!(error instanceof FusionAuthUnavailable) || error.status !== 401) throw error;
    return {
      checks: [
        ...checks,
        wrong('FusionAuth', 'refuses it, though the entity is there: its secret was changed in FusionAuth'),
      ],
    };
  }
}

const unknown =
  'not recognised, and so sent nowhere: no access token, no API key that was made here, no EMAIL:TOKEN, and no secret ' +
  'that "issue" or "rotate" handed out (a refresh token may have been exchanged for another one since). Write it as it ' +
  'is sent: "X-API-Key: KEY", "Authorization: Bearer TOKEN" or "EMAIL:TOKEN"';

// FusionAuth may answer with another one, and this one would be lost to its client.
const unspent = open(
  'refresh',
  'not tried, since a refresh token can be good for one use: a client exchanges it for an access token at /oauth2/token',
);

/** What is known here of a credential. */
export function recordOf(known: Credential, now: number): Check {
  const end = endOf(known);
  const until = end === undefined ? '' : `, ${end <= now ? 'ended' : 'ends'} ${new Date(end).toISOString()}`;
  const { name, roles } = known.client;
  const text = `${known.id} of ${name} (${roles.join(', ')}), ${known.state}${until}`;
  return known.state === 'ended' ? wrong('issued here', text) : fine('issued here', text);
}
