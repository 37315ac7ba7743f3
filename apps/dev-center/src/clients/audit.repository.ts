import { hash } from 'node:crypto';
import type { Prisma, PrismaClient } from '#prisma/todo';

/** A change of a credential or a client, and who made it. */
export interface AuditEntry {
  /** `command:name@host`, `portal:` and the id of a user, or the part of the system that acted by itself. */
  readonly actor: string;
  readonly action:
    'add-client' | 'plan' | 'issue' | 'rotate' | 'revoke' | 'retire' | 'end' | 'take-back' | 'end-sessions';
  readonly client: string;
  /** Id of the credential; empty if the client itself is changed. */
  readonly credential: string;
  /** Never a secret. */
  readonly details: Readonly<Record<string, string>>;
}

/** An entry as it is stored. */
export interface ChainedEntry extends AuditEntry {
  readonly seq: number;
  readonly at: Date;
  readonly previousHash: string;
}

/** The result of verifying the trail. */
export interface Verified {
  readonly entries: number;
  /** Hash of the last entry. A copy stored elsewhere also reveals entries cut off at the end. */
  readonly head: string;
  /** Sequence number of the first entry that was changed or does not follow the one before. */
  readonly brokenAt?: number;
  /**
   * `content`: the entry does not match its own hash. `order`: its number or the hash of the one before does not fit, so
   * the one before was rewritten, or an entry between them was removed or inserted.
   */
  readonly broken?: 'content' | 'order';
}

/** Takes the place of the hash before the first entry. */
const origin = '0'.repeat(64);
const pageSize = 1_000;

/**
 * Records who issued, rotated and revoked what. Each entry contains the hash of the one before, so that none can be
 * changed or removed unnoticed.
 */
export class AuditRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Appends within the transaction of the change, so that neither exists without the other. */
  async append(transaction: Prisma.TransactionClient, entry: AuditEntry, at: Date): Promise<void> {
    // One writer at a time: otherwise two entries could follow the same one.
    await transaction.$executeRaw`select pg_advisory_xact_lock(hashtext('credential_audit'))`;
    const last = await transaction.credentialAudit.findFirst({ orderBy: { seq: 'desc' } });
    const chained = { ...entry, at, seq: (last?.seq ?? 0) + 1, previousHash: last?.hash ?? origin };
    await transaction.credentialAudit.create({ data: { ...chained, hash: hashOf(chained) } });
  }

  /** Returns the newest entries first: of these clients, or of all. */
  async newest({ clients, limit }: { clients?: readonly string[]; limit: number }): Promise<ChainedEntry[]> {
    const rows = await this.prisma.credentialAudit.findMany({
      where: clients ? { client: { in: [...clients] } } : {},
      orderBy: { seq: 'desc' },
      take: limit,
    });
    return rows as unknown as ChainedEntry[];
  }

  /** Returns the id of the credential that was handed over with the secret of this fingerprint. */
  async credentialWith(fingerprint: string): Promise<string | undefined> {
    const entry = await this.prisma.credentialAudit.findFirst({
      where: { details: { path: ['fingerprint'], equals: fingerprint } },
      orderBy: { seq: 'desc' },
    });
    return entry?.credential;
  }

  /** Recomputes the chain from its first entry. */
  async verify(): Promise<Verified> {
    let head = origin;
    let entries = 0;
    for (;;) {
      // Without a lower bound at first, so that an entry inserted before the first is found too.
      const rows = await this.prisma.credentialAudit.findMany({
        where: entries === 0 ? {} : { seq: { gt: entries } },
        orderBy: { seq: 'asc' },
        take: pageSize,
      });
      for (const row of rows) {
        const follows = row.seq === entries + 1 && row.previousHash === head;
        const asWritten = row.hash === hashOf(row as unknown as ChainedEntry);
        if (!follows || !asWritten)
          return { entries, head, brokenAt: entries + 1, broken: follows ? 'content' : 'order' };
        head = row.hash;
        entries = row.seq;
      }
      if (rows.length < pageSize) return { entries, head };
    }
  }
}

/**
 * Returns the hash of an entry. Members are in a fixed order, because the database does not preserve the order in
 * `details`.
 */
export function hashOf({
  seq,
  at,
  actor,
  action,
  client,
  credential,
  details,
  previousHash,
}: ChainedEntry): string {
  const sorted = Object.entries(details).sort(([one], [other]) => (one < other ? -1 : 1));
  const values = [seq, at.toISOString(), actor, action, client, credential, sorted, previousHash];
  return hash('sha256', JSON.stringify(values));
}

/**
 * Identifies a secret without storing it: 128 bits of its SHA-256. Every secret issued here is random and at least
 * that long, so it cannot be guessed from the fingerprint.
 */
export const fingerprintOf = (secret: string): string => hash('sha256', secret).slice(0, 32);
