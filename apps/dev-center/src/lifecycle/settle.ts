import type { Client } from '../clients/client.repository.js';
import type { Credential } from '../clients/credential.repository.js';
import type { CommandIO } from '../commands/command.js';
import type { CommandContext } from '../context.js';
import { issuerOf } from '../issuers/device-session.js';

/** Returns when a credential is revoked or expires, in milliseconds since the epoch; undefined if neither is set. */
export function endTimeOf({
  endsAt,
  expiresAt,
}: Pick<Credential, 'endsAt' | 'expiresAt'>): number | undefined {
  const ends = [endsAt, expiresAt].flatMap((end) => (end ? [end.getTime()] : []));
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/**
 * Completes unfinished changes of a client's credentials: undoes what a killed or failed command started, announces
 * ends to FusionAuth, and removes what has ended. The next call continues an interrupted one, and a failure for one
 * credential does not keep others from being settled. The caller holds the client's lock. Throws the first error of
 * FusionAuth after all credentials were visited.
 */
export async function settle(context: CommandContext, client: Client, actor: string): Promise<void> {
  const failures: unknown[] = [];
  for (const credential of await context.credentials.list({ clientId: client.id }))
    await settleOne(context, credential, actor).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Settles a client after a command has done its work: a failure is logged and reported, and retried later. */
export const trySettle = (
  context: CommandContext,
  client: Client,
  { actor, report }: CommandIO,
  failed: string,
): Promise<void> =>
  settle(context, client, actor).catch((error: unknown) => {
    context.log.warn({ err: error, client: client.name }, failed);
    report(failed);
  });

async function settleOne(context: CommandContext, credential: Credential, actor: string): Promise<void> {
  const { state, endsAt, fusionauthId } = credential;
  const end = endTimeOf(credential);
  if (state === 'planned') {
    await takeBack(context, credential, actor);
  } else if (end !== undefined && end <= context.clock()) {
    // One that was created elsewhere is ended by its maker, who then revokes it here.
    if (fusionauthId) await finish(context, credential, { actor, action: 'end' });
  } else if (state === 'active' && endsAt) {
    await retire(context, credential, actor);
  }
}

/** How long a killed or timed-out call may still take effect in FusionAuth. */
const lateEffectMs = 120_000;

/**
 * Removes a credential that was started. While it might still appear afterwards the row stays planned, so that the
 * next call removes it again.
 */
export async function takeBack(
  context: CommandContext,
  credential: Credential,
  actor: string,
): Promise<void> {
  const { createdAt, endsAt } = credential;
  // From here on nobody can activate it, not even a command that is still creating it.
  if (!endsAt) await context.credentials.revoke(credential, { actor, action: 'take-back' });
  if (context.clock() - createdAt.getTime() >= lateEffectMs)
    await finish(context, credential, { actor, action: 'end' });
  else await endInFusionAuth(context, credential);
}

/**
 * Removes the credential from FusionAuth and records that it has ended. One created elsewhere is removed by its
 * maker.
 */
export async function finish(
  context: CommandContext,
  credential: Credential,
  audit: { readonly actor: string; readonly action: 'take-back' | 'end' },
): Promise<void> {
  await endInFusionAuth(context, credential);
  await context.credentials.setState('ended', credential, audit);
}

async function endInFusionAuth(context: CommandContext, credential: Credential): Promise<void> {
  const { fusionauthId } = credential;
  if (fusionauthId) await issuerOf(context, credential).end(fusionauthId);
}

async function retire(context: CommandContext, credential: Credential, actor: string): Promise<void> {
  const { fusionauthId } = credential;
  const end = endTimeOf(credential) ?? context.clock();
  if (fusionauthId) await issuerOf(context, credential).retire(fusionauthId, end);
  const details = { endsAt: new Date(end).toISOString() };
  await context.credentials.setState('retiring', credential, { actor, action: 'retire', details });
}
