import { createHash } from 'node:crypto';
import type { Prisma, PrismaClient } from '#prisma/todo';

/** What somebody did to a credential or a client. */
export interface Deed {
  /** Who: `command:name@host`, or the part of the system that acted by itself. */
  readonly actor: string;
  readonly action:
    'add-client' | 'plan' | 'issue' | 'rotate' | 'revoke' | 'retire' | 'end' | 'take-back' | 'adopt';
  readonly client: string;
  /** Id of the credential; empty for what is done to the client. */
  readonly credential: string;
  /** Texts only; never a secret. */
  readonly details: Readonly<Record<string, string>>;
}

export interface Entry extends Deed {
  readonly seq: number;
  readonly at: Date;
  readonly previousHash: string;
}

/** What verifying the trail found. */
export interface Verified {
  readonly entries: number;
  /** Of the last entry. Whoever keeps it elsewhere will also notice entries cut off the end. */
  readonly head: string;
  /** Sequence number of the first entry that is not as it was written, or does not follow the one before. */
  readonly brokenAt?: number;
  /**
   * `content`: it does not match its own hash. `order`: its number, or the hash of the one before, does not fit, so that
   * the one before was rewritten, or something between them was taken out or put in.
   */
  readonly broken?: 'content' | 'order';
}

/** What stands before the first entry. */
const origin = '0'.repeat(64);
const page = 1_000;

/** Who issued, rotated and revoked what. Each entry carries the hash of the one before, so none can be changed or taken out. */
export class AuditRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Appends within the transaction that does the deed, so that neither is there without the other. */
  async append(transaction: Prisma.TransactionClient, deed: Deed, at: Date): Promise<void> {
    // One writer at a time, or two entries would follow the same one.
    await transaction.$executeRaw`select pg_advisory_xact_lock(hashtext('credential_audit'))`;
    const last = await transaction.credentialAudit.findFirst({ orderBy: { seq: 'desc' } });
    const entry = { ...deed, at, seq: (last?.seq ?? 0) + 1, previousHash: last?.hash ?? origin };
    await transaction.credentialAudit.create({ data: { ...entry, hash: hashOf(entry) } });
  }

  /** Id of the credential whose secret, by its fingerprint, was handed over. */
  async handedOver(fingerprint: string): Promise<string | undefined> {
    const entry = await this.prisma.credentialAudit.findFirst({
      where: { details: { path: ['fingerprint'], equals: fingerprint } },
      orderBy: { seq: 'desc' },
    });
    return entry?.credential;
  }

  /** Recomputes the chain from its first entry on. */
  async verify(): Promise<Verified> {
    let head = origin;
    let entries = 0;
    for (;;) {
      // The first look is at all: none can be hidden before the first.
      const rows = await this.prisma.credentialAudit.findMany({
        where: entries === 0 ? {} : { seq: { gt: entries } },
        orderBy: { seq: 'asc' },
        take: page,
      });
      for (const row of rows) {
        const follows = row.seq === entries + 1 && row.previousHash === head;
        const asWritten = row.hash === hashOf(row as unknown as Entry);
        if (!follows || !asWritten)
          return { entries, head, brokenAt: entries + 1, broken: follows ? 'content' : 'order' };
        head = row.hash;
        entries = row.seq;
      }
      if (rows.length < page) return { entries, head };
    }
  }
}

/** The hash that an entry carries. Members in a fixed order; the database orders those of `details` as it likes. */
export function hashOf({ seq, at, actor, action, client, credential, details, previousHash }: Entry): string {
  const sorted = Object.entries(details).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([
    ...[seq, at.toISOString(), actor, action, client, credential, sorted, previousHash],
  ]);
  return createHash('sha256').update(text).digest('hex');
}
