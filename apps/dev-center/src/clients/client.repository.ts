import type { Prisma, PrismaClient } from '#prisma/todo';
import type { AuditRepository } from './audit.repository.js';

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** A client with the user whose todos it works on; null if it has its own todos. */
export interface OwnedClient extends Client {
  readonly createdAt: Date;
  readonly owner: (Pick<Person, 'issuer' | 'subject'> & { readonly email: string | null }) | null;
}

/** A FusionAuth user whose todos a client may work on. */
export interface Person {
  readonly issuer: string;
  readonly subject: string;
  /** Present only if FusionAuth has verified it, because reminders are mailed there. */
  readonly email?: string | undefined;
  /** IANA name. */
  readonly timeZone?: string | undefined;
}

export interface NewClient {
  readonly name: string;
  readonly roles: readonly string[];
  /** Without one the client has its own todos, the same with each of its credentials. */
  readonly owner?: Person | undefined;
}

/** Stores the machines that call the API. A client has an owner and roles, the same for all its credentials. */
export class ClientRepository {
  constructor(
    private readonly prisma: PrismaClient,
    private readonly audit: AuditRepository,
  ) {}

  byName(name: string): Promise<Client | null> {
    return this.prisma.client.findUnique({ where: { name } });
  }

  /** Tells whether the client works on the todos of this user. */
  async isOwnedBy({ id }: Client, { issuer, subject }: Person): Promise<boolean> {
    const owner = { issuer, kind: 'user', subject } as const;
    return (await this.prisma.client.count({ where: { id, owner } })) > 0;
  }

  /** Returns the clients that work on this user's todos, or all clients, by name. */
  async list(person?: Pick<Person, 'issuer' | 'subject'>): Promise<OwnedClient[]> {
    const rows = await this.prisma.client.findMany({
      where: person ? { owner: { kind: 'user', issuer: person.issuer, subject: person.subject } } : {},
      include: { owner: { select: { kind: true, issuer: true, subject: true, email: true } } },
      orderBy: { name: 'asc' },
    });
    return rows.map(({ owner, ...client }) => ({ ...client, owner: owner?.kind === 'user' ? owner : null }));
  }

  /** Creates the client with its owner, and the audit entry in the same transaction. */
  create(wanted: NewClient, actor: string, now: Date): Promise<Client> {
    const { name, roles, owner } = wanted;
    return this.prisma.$transaction(async (transaction) => {
      const client = await insert(transaction, wanted, now);
      const details = {
        roles: roles.join(','),
        ...(owner && { issuer: owner.issuer, subject: owner.subject }),
      };
      const entry = { actor, action: 'add-client', client: name, credential: '', details } as const;
      await this.audit.append(transaction, entry, now);
      return client;
    });
  }

  /** Returns the owner of each client's todos, by name of the client: a verified e-mail if known. */
  async owners(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.prisma.client.findMany({
      select: { name: true, owner: { select: { email: true, kind: true } } },
    });
    const shown = (kind?: string) => (kind === 'user' ? 'a person without a verified e-mail' : 'own todos');
    return new Map(rows.map(({ name, owner }) => [name, owner?.email ?? shown(owner?.kind)]));
  }
}

async function insert(
  transaction: Prisma.TransactionClient,
  { name, roles, owner }: NewClient,
  now: Date,
): Promise<Client> {
  const { issuer, subject, email, timeZone } = owner ?? { issuer: 'gatehouse:clients', subject: name };
  const key = { issuer, kind: owner ? 'user' : 'machine', subject } as const;
  // Unknown values are left unchanged, because the API may have learnt them from the user's own credential.
  const known = { ...(email && { email }), ...(timeZone && { timeZone }), updatedAt: now };
  const { id: ownerId } = await transaction.owner.upsert({
    where: { issuer_kind_subject: key },
    create: { ...key, ...known, createdAt: now },
    update: known,
  });
  return transaction.client.create({ data: { name, roles: [...roles], createdAt: now, ownerId } });
}
