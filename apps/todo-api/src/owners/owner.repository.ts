import { Injectable } from '@nestjs/common';
import type { Principal } from '#gatehouse/auth';
import { credentialOf, TodoStore } from '#gatehouse/todo-database';

/** Whose todos they are. */
export interface Owner {
  readonly id: string;
  readonly email: string | null;
  readonly timeZone: string | null;
}

const ownerFields = { id: true, email: true, timeZone: true } as const;

@Injectable()
export class OwnerRepository {
  constructor(private readonly store: TodoStore) {}

  /**
   * The owner of (issuer, kind, subject), made when new. What the principal vouches for is taken over; what it does
   * not mention stays, since another credential of the same client may have brought it.
   */
  async remember(principal: Principal, now: Date): Promise<Owner> {
    const { issuer, kind, subject, email, timeZone } = principal;
    const assigned = await this.assigned(principal);
    if (assigned) return assigned;
    const known = { ...(email ? { email } : {}), ...(timeZone ? { timeZone } : {}), updatedAt: now };
    return this.store.prisma.owner.upsert({
      where: { issuer_kind_subject: { issuer, kind, subject } },
      create: { issuer, kind, subject, createdAt: now, ...known },
      update: known,
      select: ownerFields,
    });
  }

  /** The owner of the client that the credential belongs to: all credentials of a client work on the same todos. */
  private async assigned(principal: Principal): Promise<Owner | null> {
    const row = await this.store.prisma.credential.findUnique({
      where: { strategy_subject: credentialOf(principal) },
      select: { client: { select: { owner: { select: ownerFields } } } },
    });
    return row?.client.owner ?? null;
  }
}
