import { flagOption } from '#gatehouse/platform';
import type { Credential } from '../clients/credential.repository.js';
import { issuers } from '../issuers/index.js';
import { endTimeOf } from '../lifecycle/settle.js';
import { optionalClientArg } from './arguments.js';
import { databaseCommand } from './command.js';

const args = { client: optionalClientArg, all: flagOption('include ended credentials') };

/** Lists clients and their credentials, and which one each client used last. */
export const listCommand = databaseCommand(args, async ({ client, all: ended }, context) => {
  const [owners, all] = await Promise.all([context.clients.owners(), context.credentials.list({ ended })]);
  const now = context.clock();
  const credentials = all
    .filter((one) => (client ?? one.client.name) === one.client.name)
    .map((one) => ({
      ...listed(one, now),
      owner: owners.get(one.client.name) ?? null,
      usedLast: one.lastUsedAt !== null && one.lastUsedAt.getTime() === lastUse(one, all),
    }));
  return { credentials };
});

const lastUse = ({ client }: Credential, all: readonly Credential[]): number =>
  Math.max(...all.filter((one) => one.client.id === client.id).map((one) => one.lastUsedAt?.getTime() ?? 0));

function listed(credential: Credential, now: number) {
  const { id, client, strategy, personId, state, createdAt, lastUsedAt } = credential;
  const end = endTimeOf(credential);
  return {
    id,
    client: client.name,
    roles: client.roles,
    strategy,
    approvedBy: personId,
    state: end !== undefined && end <= now ? stateAfterEnd(credential, now) : state,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    endsAt: end === undefined ? null : new Date(end).toISOString(),
  };
}

/**
 * Returns the state of a credential past its end: `expired` if FusionAuth or the API knows the end and refuses it,
 * `overdue` if it may still work until it is removed.
 */
function stateAfterEnd(credential: Credential, now: number): string {
  const { strategy, personId, state, expiresAt, endsAt } = credential;
  if (state === 'ended' || state === 'planned') return state;
  // FusionAuth cannot limit one session of a person.
  const enforced = issuers[strategy].endIsEnforced && personId === null;
  const announced = state === 'retiring' || !endsAt || (expiresAt !== null && expiresAt.getTime() <= now);
  return enforced && announced ? 'expired' : 'overdue';
}
