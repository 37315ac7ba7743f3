import { FusionAuthDeclined, FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import type { Center } from '../center.js';
import type { Credential } from '../clients/credential.repository.js';
import type { IssuerName } from '../issuers/index.js';
import { endOf } from './settle.js';

export interface Finding {
  readonly client: string;
  readonly credential: string;
  readonly strategy: string;
  readonly kind:
    | 'stale'
    | 'expiring'
    | 'overdue'
    | 'by-hand'
    | 'unfinished'
    | 'unseen'
    | 'gone'
    | 'over-privileged'
    | 'drifted';
  readonly text: string;
}

const day = 86_400_000;
/** Days without use after which somebody should ask whether it is still needed. */
const staleAfter = 30;
/** Days before its end at which a credential is told, the last ones more urgently. */
const warnAt = [1, 7, 14];

/** Everything about the credentials in force that somebody should look at, and what could not be looked at. */
export async function review(center: Center): Promise<Finding[]> {
  const credentials = await center.store().credentials.list();
  const findings = await Promise.all(
    credentials.map(async (credential) => {
      const { id, client, strategy } = credential;
      const remarks = [...ends(credential, center.clock()), ...uses(credential, center.clock())];
      const all = [...remarks, ...(await atFusionAuth(center, credential))];
      return all.map((remark) => ({ client: client.name, credential: id, strategy, ...remark }));
    }),
  );
  return findings.flat();
}

type Remark = Pick<Finding, 'kind' | 'text'>;

function ends(credential: Credential, now: number): Remark[] {
  const { id, state, endsAt, expiresAt, fusionauthId } = credential;
  if (state === 'planned') {
    return [
      {
        kind: 'unfinished',
        text: 'was begun and never handed over; the next command about its client takes it back',
      },
    ];
  }
  if (endsAt && !fusionauthId) {
    return [
      {
        kind: 'by-hand',
        text: `was not made here: end it in FusionAuth by ${endsAt.toISOString()}, and then say so with "revoke ${id}"`,
      },
    ];
  }
  const end = endOf(credential);
  if (end !== undefined && end <= now)
    return [{ kind: 'overdue', text: 'should have ended: keep the Dev Center running, or revoke it' }];
  // One that has a successor ends on purpose.
  if (endsAt || !expiresAt) return [];
  const days = Math.ceil((expiresAt.getTime() - now) / day);
  const within = warnAt.find((limit) => days <= limit);
  return within === undefined
    ? []
    : [
        {
          kind: 'expiring',
          text: `ends in ${days} ${days === 1 ? 'day' : 'days'} (warned of at ${within}): rotate it`,
        },
      ];
}

function uses({ state, lastUsedAt, createdAt }: Credential, now: number): Remark[] {
  if (state !== 'active') return [];
  const days = Math.floor((now - (lastUsedAt ?? createdAt).getTime()) / day);
  if (days < staleAfter) return [];
  return [
    {
      kind: 'stale',
      text: `${lastUsedAt ? 'was not used' : 'was never used'} for ${days} days: revoke it if nobody needs it`,
    },
  ];
}

/** Twins are held against the roles of their client, and so against each other. */
async function atFusionAuth(center: Center, credential: Credential): Promise<readonly Remark[]> {
  const { strategy, fusionauthId, state, client } = credential;
  if (!fusionauthId || state === 'planned') return [];
  try {
    return await center.issuer(strategy as IssuerName).inspect(fusionauthId, client.roles);
  } catch (error) {
    if (!fusionAuthErrors.some((kind) => error instanceof kind)) throw error;
    return [{ kind: 'unseen', text: `could not be looked at: ${(error as Error).message}` }];
  }
}

const fusionAuthErrors = [FusionAuthUnavailable, FusionAuthRefusedUs, FusionAuthDeclined];
