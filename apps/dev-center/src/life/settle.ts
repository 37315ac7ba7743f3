import type { Center } from '../center.js';
import type { Client } from '../clients/client.repository.js';
import type { Credential } from '../clients/credential.repository.js';
import type { IssuerName } from '../issuers/index.js';

/** When a credential ends, by whichever comes first; undefined when neither is known. */
export function endOf({ endsAt, expiresAt }: Pick<Credential, 'endsAt' | 'expiresAt'>): number | undefined {
  const ends = [endsAt, expiresAt].flatMap((end) => (end ? [end.getTime()] : []));
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/**
 * Does what is left to be done for a client's credentials: what a killed or failed command had begun is taken back,
 * FusionAuth is told of ends to come, and what has come to its end is removed. Whatever it is interrupted in, the next
 * call goes on there, and one credential's failure keeps no other from being settled. To be called by one at a time.
 * Throws the first thing that FusionAuth threw, once all were looked at.
 */
export async function settle(center: Center, client: Client, actor: string): Promise<void> {
  const failures: unknown[] = [];
  for (const credential of await center.store().credentials.list({ clientId: client.id }))
    await settleOne(center, credential, actor).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function settleOne(center: Center, credential: Credential, actor: string): Promise<void> {
  const { state, endsAt, fusionauthId } = credential;
  const end = endOf(credential);
  if (state === 'planned') {
    await takeBack(center, credential, actor);
  } else if (end !== undefined && end <= center.clock()) {
    // One that was not made here ends by somebody's hand, who says so by revoking it.
    if (fusionauthId) await finish(center, credential, { actor, action: 'end' });
  } else if (state === 'active' && endsAt) {
    await retire(center, credential, actor);
  }
}

/** FusionAuth may yet do what a killed command or a timed-out call asked of it, but not after so many milliseconds. */
const lateAfter = 120_000;

/** Removes what was begun. While it might still appear after that, the plan stays, for the next call to remove it again. */
export async function takeBack(center: Center, credential: Credential, actor: string): Promise<void> {
  const { strategy, fusionauthId, createdAt, endsAt } = credential;
  // From here on nobody can hand it over, whoever still thinks that it is his to make.
  if (!endsAt) await center.store().credentials.revoked(credential, { actor, action: 'take-back' });
  if (center.clock() - createdAt.getTime() >= lateAfter)
    await finish(center, credential, { actor, action: 'end' });
  else if (fusionauthId) await center.issuer(strategy as IssuerName).end(fusionauthId);
}

/** Removes at FusionAuth what stands for the credential. One that was not made here has to be ended there by its maker. */
export async function finish(
  center: Center,
  credential: Credential,
  doing: { readonly actor: string; readonly action: 'take-back' | 'end' },
): Promise<void> {
  const { strategy, fusionauthId } = credential;
  if (fusionauthId) await center.issuer(strategy as IssuerName).end(fusionauthId);
  await center.store().credentials.become('ended', credential, doing);
}

async function retire(center: Center, credential: Credential, actor: string): Promise<void> {
  const { strategy, fusionauthId } = credential;
  const end = endOf(credential) ?? center.clock();
  if (fusionauthId) await center.issuer(strategy as IssuerName).retire(fusionauthId, end);
  const details = { endsAt: new Date(end).toISOString() };
  await center.store().credentials.become('retiring', credential, { actor, action: 'retire', details });
}
