import type { Person } from '../clients/client.repository.js';
import type { CommandContext } from '../context.js';
import type { IssuerName } from '../issuers/index.js';

export interface Adopted {
  readonly client: string;
  readonly roles: readonly string[];
  readonly owner: Person;
  readonly strategy: IssuerName;
  /** Subject of its principal. */
  readonly subject: string;
}

const actor = 'dev-center';

/**
 * Records a credential that was made elsewhere, and its client if that is new, so that `list` shows who uses what. It can
 * be rotated here; its maker has to end it. Does nothing for a credential that is known.
 */
export async function adopt(context: CommandContext, adopted: Adopted): Promise<void> {
  const { client: name, roles, owner, strategy, subject } = adopted;
  const { clients, credentials } = context;
  if (await credentials.bySubject(strategy, subject)) return;
  const now = new Date(context.clock());
  const client = (await clients.byName(name)) ?? (await clients.create({ name, roles, owner }, actor, now));
  const made = { client, strategy, subject, fusionauthId: null, expiresAt: null };
  await credentials.add(made, 'active', { actor, action: 'adopt' });
}
