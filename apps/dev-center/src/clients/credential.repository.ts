import { type Clock, exitCodes, ExitError } from '#gatehouse/platform';
import type { Prisma, PrismaClient } from '#prisma/todo';
import type { IssuerName } from '../issuers/index.js';
import { type AuditEntry, type AuditRepository, fingerprintOf } from './audit.repository.js';
import type { Client } from './client.repository.js';

export type CredentialState = 'planned' | 'active' | 'retiring' | 'ended';

export interface Credential {
  readonly id: string;
  readonly client: Client;
  readonly strategy: IssuerName;
  /** Id of the object that represents it in FusionAuth; null if it was not created here. */
  readonly fusionauthId: string | null;
  /** The person who approved it, where it is a device session. */
  readonly personId: string | null;
  readonly state: CredentialState;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly endsAt: Date | null;
}

/** A credential to add, with the subject of its principal. */
export type NewCredential = Pick<Credential, 'client' | 'strategy' | 'fusionauthId' | 'expiresAt'> & {
  readonly subject: string;
  readonly personId?: string | undefined;
};

/** The actor of a change, and what else the audit trail records about it. */
export type AuditContext = Pick<AuditEntry, 'actor' | 'action'> & Partial<Pick<AuditEntry, 'details'>>;

const withClient = { client: { select: { id: true, name: true, roles: true } } } as const;
const notEnded = { in: ['planned', 'active', 'retiring'] satisfies CredentialState[] };

/** Updates a credential if it is in the expected state. Throws an ExitError 1 if another command was faster. */
async function updateIf(
  rows: Prisma.TransactionClient['credential'],
  { id }: Credential,
  expected: Prisma.CredentialWhereInput,
  data: Prisma.CredentialUpdateManyMutationInput,
): Promise<void> {
  const { count } = await rows.updateMany({ where: { id, ...expected }, data });
  if (count > 0) return;
  throw new ExitError(
    `Another command changed credential ${id} meanwhile: check "npm run credentials -- list".`,
    exitCodes.workHeld,
  );
}

/** The credentials of clients. Every change adds an audit entry in the same transaction. */
export class CredentialRepository {
  constructor(
    private readonly prisma: PrismaClient,
    private readonly audit: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /** Adds a row before the first call to FusionAuth, so that everything created there has one. */
  plan(wanted: NewCredential, context: AuditContext): Promise<Credential> {
    const { client, personId = null, ...values } = wanted;
    const at = new Date(this.clock());
    return this.prisma.$transaction(async (transaction) => {
      const row = (await transaction.credential.create({
        data: { ...values, personId, clientId: client.id, state: 'planned', createdAt: at },
        include: withClient,
      })) as Credential;
      await this.#record(transaction, row, context, at);
      return row;
    });
  }

  /** Activates a planned credential that was handed over and not revoked, and sets the end of its predecessor. */
  activate(
    credential: Credential,
    predecessor: { readonly credential: Credential; readonly endsAt: Date } | undefined,
    context: AuditContext,
  ): Promise<void> {
    return this.#change(credential, context, async (rows) => {
      await updateIf(rows, credential, { state: 'planned', endsAt: null }, { state: 'active' });
      if (!predecessor) return;
      const { credential: old, endsAt } = predecessor;
      // Not the end of one that was revoked meanwhile.
      await rows.updateMany({ where: { id: old.id, endsAt: null }, data: { endsAt } });
    });
  }

  /** Sets the end of the credential to now. Settling its client then revokes it in FusionAuth. */
  revoke(credential: Credential, context: AuditContext): Promise<void> {
    const endsAt = new Date(this.clock());
    return this.#change(credential, context, (rows) =>
      updateIf(rows, credential, { state: notEnded }, { endsAt }),
    );
  }

  /** `retiring`: FusionAuth knows when it expires. `ended`: nothing of it is left in FusionAuth. */
  setState(state: 'retiring' | 'ended', credential: Credential, context: AuditContext): Promise<void> {
    return this.#change(credential, context, (rows) =>
      updateIf(rows, credential, { state: notEnded }, { state }),
    );
  }

  /** Records an action on the credential without changing its row. */
  note(credential: Credential, context: AuditContext): Promise<void> {
    return this.#change(credential, context, () => Promise.resolve());
  }

  /** Returns the credentials of one client or of all, oldest first; ended ones only with `ended`. */
  list(where: { readonly clientId?: string; readonly ended?: boolean } = {}): Promise<Credential[]> {
    const { clientId, ended = false } = where;
    return this.prisma.credential.findMany({
      where: { ...(clientId !== undefined && { clientId }), ...(!ended && { state: notEnded }) },
      include: withClient,
      orderBy: [{ client: { name: 'asc' } }, { createdAt: 'asc' }, { id: 'asc' }],
    }) as Promise<Credential[]>;
  }

  byId(id: string): Promise<Credential | null> {
    return this.#find({ id });
  }

  bySubject(strategy: IssuerName, subject: string): Promise<Credential | null> {
    return this.#find({ strategy_subject: { strategy, subject } });
  }

  /** Returns the credential that was handed over here with this secret; null for any other text. */
  async bySecret(secret: string): Promise<Credential | null> {
    const id = await this.audit.credentialWith(fingerprintOf(secret));
    return id === undefined ? null : this.byId(id);
  }

  /** Returns the clients with a credential to undo, to announce to FusionAuth as expiring, or to revoke. */
  async unsettledClients(): Promise<Client[]> {
    const now = new Date(this.clock());
    const due = { OR: [{ endsAt: { lte: now } }, { expiresAt: { lte: now } }] };
    const rows = await this.prisma.credential.findMany({
      where: {
        OR: [
          { state: 'planned' },
          { state: 'active', endsAt: { not: null } },
          { state: notEnded, fusionauthId: { not: null }, ...due },
        ],
      },
      select: withClient,
      distinct: ['clientId'],
    });
    return rows.map(({ client }) => client);
  }

  #find(where: Prisma.CredentialWhereUniqueInput): Promise<Credential | null> {
    return this.prisma.credential.findUnique({ where, include: withClient }) as Promise<Credential | null>;
  }

  async #change(
    credential: Credential,
    context: AuditContext,
    change: (rows: Prisma.TransactionClient['credential']) => Promise<unknown>,
  ): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      await change(transaction.credential);
      await this.#record(transaction, credential, context, new Date(this.clock()));
    });
  }

  #record(
    transaction: Prisma.TransactionClient,
    { id, client, strategy }: Credential,
    { details, ...context }: AuditContext,
    at: Date,
  ): Promise<void> {
    const entry = { ...context, client: client.name, credential: id, details: { strategy, ...details } };
    return this.audit.append(transaction, entry, at);
  }
}
