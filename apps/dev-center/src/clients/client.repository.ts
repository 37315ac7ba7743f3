import type { PrismaClient } from '#prisma/todo';

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** Somebody at the issuer whose todos a client may work on. */
export interface Person {
  readonly issuer: string;
  readonly subject: string;
}

export interface NewClient {
  readonly name: string;
  readonly roles: readonly string[];
  /** Without one the client owns todos of its own, the same ones by each of its credentials. */
  readonly owner?: Person | undefined;
}

/** The machines that call the API. Owner and roles are theirs, whatever credential they present. */
export class ClientRepository {
  constructor(private readonly prisma: PrismaClient) {}

  byName(name: string): Promise<Client | null> {
    return this.prisma.client.findUnique({ where: { name } });
  }

  /** Makes the client with its owner. */
  async create({ name, roles, owner }: NewClient, now: Date): Promise<Client> {
    const kind = owner ? 'user' : 'machine';
    const { issuer, subject } = owner ?? { issuer: 'gatehouse:clients', subject: name };
    const key = { issuer, kind, subject } as const;
    return this.prisma.client.create({
      data: {
        name,
        roles: [...roles],
        createdAt: now,
        owner: {
          connectOrCreate: {
            where: { issuer_kind_subject: key },
            create: { ...key, createdAt: now, updatedAt: now },
          },
        },
      },
    });
  }

  /** The e-mail of each client's owner, where the API knows it; by name of the client. */
  async owners(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.prisma.client.findMany({
      select: { name: true, owner: { select: { email: true, kind: true } } },
    });
    return new Map(
      rows.map(({ name, owner }) => [name, owner?.email ?? (owner?.kind === 'user' ? 'a person' : 'itself')]),
    );
  }
}
