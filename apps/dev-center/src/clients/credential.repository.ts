import { type Clock, exitCodes, ExitError } from '#gatehouse/platform';
import type { Prisma, PrismaClient } from '#prisma/todo';
import type { AuditRepository, Deed } from './audit.repository.js';
import type { Client } from './client.repository.js';
import { fingerprintOf } from './fingerprint.js';

export type CredentialState = 'planned' | 'active' | 'retiring' | 'ended';

export interface Credential {
  readonly id: string;
  readonly client: Client;
  /** Name of its issuer. */
  readonly strategy: string;
  /** Of what stands for it at FusionAuth; null when it was not made here. */
  readonly fusionauthId: string | null;
  readonly state: CredentialState;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly endsAt: Date | null;
}

export interface NewCredential {
  readonly client: Client;
  readonly strategy: string;
  readonly subject: string;
  readonly fusionauthId: string | null;
  readonly expiresAt: Date | null;
}

/** Who acts, and what else the audit trail is to say. */
export type Doing = Pick<Deed, 'actor' | 'action'> & { readonly details?: Deed['details'] };

const withClient = { client: { select: { id: true, name: true, roles: true } } } as const;
const open = { in: ['planned', 'active', 'retiring'] satisfies CredentialState[] };

const inForce = { in: ['active', 'retiring'] satisfies CredentialState[] };

/** Changes a credential that is as it should be. Throws an ExitError 1 when somebody else was faster. */
async function still(
  rows: Prisma.TransactionClient['credential'],
  { id }: Credential,
  expected: Prisma.CredentialWhereInput,
  data: Prisma.CredentialUpdateManyMutationInput,
): Promise<void> {
  const { count } = await rows.updateMany({ where: { id, ...expected }, data });
  if (count > 0) return;
  throw new ExitError(
    `Credential ${id} was changed by somebody else meanwhile: look at "npm run credentials -- list".`,
    exitCodes.workHeld,
  );
}

/** The credentials of clients. Every change is written into the audit trail in the same transaction. */
export class CredentialRepository {
  constructor(
    private readonly prisma: PrismaClient,
    private readonly audit: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /** Written down before FusionAuth is asked for anything, so that whatever is made there has a row here. */
  plan(wanted: NewCredential, doing: Doing): Promise<Credential> {
    return this.#add(wanted, 'planned', doing);
  }

  /** A credential that was made elsewhere and is in force already. */
  adopt(wanted: NewCredential, doing: Doing): Promise<Credential> {
    return this.#add(wanted, 'active', doing);
  }

  /** The new one is with its client, and was not taken back. From then on its predecessor has an end, if it has one. */
  handedOver(
    credential: Credential,
    predecessor: { readonly credential: Credential; readonly endsAt: Date } | undefined,
    doing: Doing,
  ): Promise<void> {
    return this.#change(credential, doing, async ({ credential: rows }) => {
      await still(rows, credential, { state: 'planned', endsAt: null }, { state: 'active' });
      if (!predecessor) return;
      const { credential: old, endsAt } = predecessor;
      await rows.updateMany({ where: { id: old.id, state: inForce }, data: { endsAt } });
    });
  }

  /** Is to end at once; what is left to do at FusionAuth is done by whoever settles the client. */
  revoked(credential: Credential, doing: Doing): Promise<void> {
    const endsAt = new Date(this.clock());
    return this.#change(credential, doing, ({ credential: rows }) =>
      still(rows, credential, { state: open }, { endsAt }),
    );
  }

  /** FusionAuth has been told of the end, or has nothing left of the credential. */
  become(state: 'retiring' | 'ended', credential: Credential, doing: Doing): Promise<void> {
    return this.#change(credential, doing, ({ credential: rows }) =>
      still(rows, credential, { state: state === 'ended' ? open : inForce }, { state }),
    );
  }

  /** Of one client or of all, those that have not ended unless told otherwise; the newest last. */
  list(where: { readonly clientId?: string; readonly ended?: boolean } = {}): Promise<Credential[]> {
    const { clientId, ended = false } = where;
    return this.prisma.credential.findMany({
      where: { ...(clientId === undefined ? {} : { clientId }), ...(ended ? {} : { state: open }) },
      include: withClient,
      orderBy: [{ client: { name: 'asc' } }, { createdAt: 'asc' }, { id: 'asc' }],
    });
  }

  bySubject(strategy: string, subject: string): Promise<Credential | null> {
    return this.prisma.credential.findUnique({
      where: { strategy_subject: { strategy, subject } },
      include: withClient,
    });
  }

  /** The credential whose secret was handed over here, by its fingerprint in the audit trail; null for any other text. */
  async bySecret(secret: string): Promise<Credential | null> {
    const id = await this.audit.handedOver(fingerprintOf(secret));
    return id === undefined
      ? null
      : this.prisma.credential.findUnique({ where: { id }, include: withClient });
  }

  /** The clients of which something is left to be done: taken back, told to FusionAuth, ended. */
  async unsettled(): Promise<Client[]> {
    const now = new Date(this.clock());
    const rows = await this.prisma.credential.findMany({
      where: {
        OR: [
          { state: 'planned' },
          { state: 'active', endsAt: { not: null } },
          {
            ...{ state: open, fusionauthId: { not: null } },
            OR: [{ endsAt: { lte: now } }, { expiresAt: { lte: now } }],
          },
        ],
      },
      select: withClient,
      distinct: ['clientId'],
    });
    return rows.map(({ client }) => client);
  }

  async #add(wanted: NewCredential, state: CredentialState, doing: Doing): Promise<Credential> {
    const { client, strategy, subject, fusionauthId, expiresAt } = wanted;
    const at = new Date(this.clock());
    return this.prisma.$transaction(async (transaction) => {
      const row = await transaction.credential.create({
        data: { clientId: client.id, strategy, subject, fusionauthId, expiresAt, state, createdAt: at },
        include: withClient,
      });
      await this.#write(transaction, row, doing, at);
      return row;
    });
  }

  async #change(
    credential: Credential,
    doing: Doing,
    change: (transaction: Prisma.TransactionClient) => Promise<unknown>,
  ): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      await change(transaction);
      await this.#write(transaction, credential, doing, new Date(this.clock()));
    });
  }

  #write(transaction: Prisma.TransactionClient, credential: Credential, doing: Doing, at: Date) {
    const { id, client, strategy } = credential;
    const { actor, action, details } = doing;
    const deed = { actor, action, client: client.name, credential: id, details: { strategy, ...details } };
    return this.audit.append(transaction, deed, at);
  }
}
