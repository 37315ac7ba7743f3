import { FusionAuthDeclined, FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { isUsable } from '#gatehouse/fusionauth/control';
import type { Credential } from '../clients/credential.repository.js';
import type { CommandContext } from '../context.js';
import { issuerOf } from '../issuers/device-session.js';
import type { Remark as IssuerRemark } from '../issuers/issuer.js';
import { endTimeOf } from './settle.js';

type Kind =
  | IssuerRemark['kind']
  | 'stale'
  | 'expiring'
  | 'overdue'
  | 'by-hand'
  | 'unfinished'
  | 'owner-gone'
  | 'unseen';

interface Remark {
  readonly kind: Kind;
  readonly text: string;
}

export interface Finding extends Remark {
  readonly client: string;
  readonly credential: string;
  readonly strategy: Credential['strategy'];
}

const dayMs = 86_400_000;
/** Days without use after which an operator should check whether it is still needed. */
const staleAfterDays = 30;
/** Days before expiry at which to warn. */
const warnAtDays = [1, 7, 14];

/**
 * Returns everything about active credentials that needs attention, and what could not be checked: for all clients,
 * or for the one with this name.
 */
export async function review(context: CommandContext, name?: string): Promise<Finding[]> {
  const now = context.clock();
  const all = await context.credentials.list();
  const aboutOwner = await ownersOf(context);
  const findings = await Promise.all(
    all
      .filter(({ client }) => client.name === (name ?? client.name))
      .map(async (credential) => {
        const { id, client, strategy } = credential;
        const remarks = [ends(credential, now), uses(credential, now)].filter((one) => one !== undefined);
        const all = [...remarks, ...(await inFusionAuth(context, credential, aboutOwner))];
        return all.map((remark) => ({ client: client.name, credential: id, strategy, ...remark }));
      }),
  );
  return findings.flat();
}

function ends(credential: Credential, now: number): Remark | undefined {
  const { id, state, endsAt, expiresAt, fusionauthId } = credential;
  if (state === 'planned') {
    const text = 'was started and never handed over; the next command about its client revokes it';
    return { kind: 'unfinished', text };
  }
  if (endsAt && !fusionauthId) {
    const text = `was not created here: revoke it in FusionAuth by ${endsAt.toISOString()}, and then record that with "revoke ${id}"`;
    return { kind: 'by-hand', text };
  }
  const end = endTimeOf(credential);
  if (end !== undefined && end <= now)
    return { kind: 'overdue', text: 'should have been revoked: keep the Dev Center running, or revoke it' };
  // One with a successor is meant to expire.
  if (endsAt || !expiresAt) return undefined;
  const days = Math.ceil((expiresAt.getTime() - now) / dayMs);
  const within = warnAtDays.find((limit) => days <= limit);
  if (within === undefined) return undefined;
  const text = `expires in ${days} ${days === 1 ? 'day' : 'days'} (warning at ${within}): rotate it`;
  return { kind: 'expiring', text };
}

function uses({ state, lastUsedAt, createdAt }: Credential, now: number): Remark | undefined {
  const days = Math.floor((now - (lastUsedAt ?? createdAt).getTime()) / dayMs);
  if (state !== 'active' || days < staleAfterDays) return undefined;
  const used = lastUsedAt ? 'was not used' : 'was never used';
  return { kind: 'stale', text: `${used} for ${days} days: revoke it if nobody needs it` };
}

type AboutOwner = (client: Credential['client']) => Promise<readonly Remark[]>;

/** Returns a function that remarks on the owner of a client; it reads each owner from FusionAuth once. */
async function ownersOf({ clients, control, clock }: CommandContext): Promise<AboutOwner> {
  const subjects = new Map((await clients.list()).map(({ name, owner }) => [name, owner?.subject]));
  const known = new Map<string, Promise<readonly Remark[]>>();
  const remarksOn = async (subject: string) => {
    return isUsable(await control().people.byId(subject), clock()) ? [] : [ownerGone];
  };
  return async ({ name }) => {
    const subject = subjects.get(name);
    if (subject === undefined) return [];
    const remarks = known.get(subject) ?? remarksOn(subject);
    known.set(subject, remarks);
    return remarks;
  };
}

const ownerGone: Remark = {
  kind: 'owner-gone',
  text: 'still works, but the account of its owner was deleted, deactivated or has expired: revoke it if nobody needs it',
};

/** Compares its permissions in FusionAuth with the roles of the client, and checks the account of its owner. */
async function inFusionAuth(
  context: CommandContext,
  credential: Credential,
  aboutOwner: AboutOwner,
): Promise<readonly Remark[]> {
  const { fusionauthId, state, client } = credential;
  if (!fusionauthId || state === 'planned') return [];
  try {
    const remarks = await issuerOf(context, credential).inspect(fusionauthId, client.roles);
    // A session that ended with its person is gone already.
    return remarks.some(({ kind }) => kind === 'gone')
      ? remarks
      : [...remarks, ...(await aboutOwner(client))];
  } catch (error) {
    if (!fusionAuthErrors.some((kind) => error instanceof kind)) throw error;
    return [{ kind: 'unseen', text: `could not be checked: ${(error as Error).message}` }];
  }
}

const fusionAuthErrors = [FusionAuthUnavailable, FusionAuthRefusedUs, FusionAuthDeclined];
