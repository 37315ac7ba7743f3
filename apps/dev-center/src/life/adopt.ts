import type { Center } from '../center.js';
import type { Person } from '../clients/client.repository.js';
import type { IssuerName } from '../issuers/index.js';

const actor = 'dev-center';

export interface Adopted {
  readonly client: string;
  readonly roles: readonly string[];
  readonly owner: Person;
  readonly strategy: IssuerName;
  /** The subject of its principal. */
  readonly subject: string;
}

/**
 * Takes a credential that was made elsewhere into the records, and its client where it is new, so that it is seen who
 * uses what. It can be rotated here; whoever made it has to end it. Does nothing for one that is known.
 */
export async function adopt(center: Center, adopted: Adopted): Promise<void> {
  const { client: name, roles, owner, strategy, subject } = adopted;
  const { clients, credentials } = center.store();
  if (await credentials.bySubject(strategy, subject)) return;
  const now = new Date(center.clock());
  const client = (await clients.byName(name)) ?? (await clients.create({ name, roles, owner }, actor, now));
  await credentials.adopt(
    { client, strategy, subject, fusionauthId: null, expiresAt: null },
    { actor, action: 'adopt' },
  );
}
