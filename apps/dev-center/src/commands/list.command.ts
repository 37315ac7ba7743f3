import { z } from 'zod';
import { table } from '#gatehouse/platform';
import type { Credential } from '../clients/credential.repository.js';
import { type IssuerName, issuers } from '../issuers/index.js';
import { endOf } from '../life/settle.js';
import { command } from './command.js';
import { clientName } from './which.js';

export const listCommand = command({
  usage: 'list [--client NAME] [--all]',
  about: 'shows clients and their credentials, and which one each client used last',
  options: {
    client: { type: 'string', about: 'of one client' },
    all: { type: 'boolean', about: 'those that have ended too' },
  },
  schema: z.object({ client: clientName().optional(), all: z.boolean().default(false) }),
  run: async ({ client, all: ended }, { store, clock }) => {
    const [owners, all] = await Promise.all([store().clients.owners(), store().credentials.list({ ended })]);
    const credentials = all.filter((one) => (client ?? one.client.name) === one.client.name);
    return { credentials: credentials.map((one) => described(one, all, owners, clock())) };
  },
  show: ({ credentials }) =>
    credentials.length === 0
      ? 'There is no credential yet: npm run credentials -- issue --help'
      : `${table([headings, ...credentials.map(row)])}\n\n* last used by this client`,
});

const headings = [...['client', 'owner', 'roles', 'strategy', 'state', 'created', 'last used', 'ends', 'id']];

function described(
  credential: Credential,
  all: readonly Credential[],
  owners: ReadonlyMap<string, string>,
  now: number,
) {
  const { id, client, strategy, state, createdAt, lastUsedAt } = credential;
  const end = endOf(credential);
  const uses = all.filter((one) => one.client.id === client.id).map((one) => one.lastUsedAt?.getTime() ?? 0);
  return {
    ...{ id, client: client.name, owner: owners.get(client.name) ?? null, roles: client.roles, strategy },
    state: end !== undefined && end <= now ? pastItsEnd(credential, now) : state,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    usedLast: lastUsedAt !== null && lastUsedAt.getTime() === Math.max(...uses),
    endsAt: end === undefined ? null : new Date(end).toISOString(),
  };
}

/**
 * What is past its end and not known to be gone: `expired` where FusionAuth or the API was told of the end and refuses
 * it, `overdue` where it may still work until it is removed.
 */
function pastItsEnd({ strategy, state, expiresAt, endsAt }: Credential, now: number): string {
  if (state === 'ended' || state === 'planned') return state;
  const enforced = issuers[strategy as IssuerName].endIsEnforced;
  const told = state === 'retiring' || !endsAt || (expiresAt !== null && expiresAt.getTime() <= now);
  return enforced && told ? 'expired' : 'overdue';
}

const row = (one: ReturnType<typeof described>): string[] => [
  ...[one.client, one.owner ?? '', one.roles.join(','), one.strategy, one.state, minute(one.createdAt)],
  `${minute(one.lastUsedAt)}${one.usedLast ? ' *' : ''}`,
  ...[minute(one.endsAt), one.id],
];

/** UTC, to the minute. */
const minute = (instant: string | null): string =>
  instant === null ? '-' : instant.slice(0, 16).replace('T', ' ');
