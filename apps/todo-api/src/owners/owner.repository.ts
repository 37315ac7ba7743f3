import { Injectable } from '@nestjs/common';
import type { Principal } from '#gatehouse/auth';
import { credentialOf, TodoStore } from '#gatehouse/todo-database';

/** The owner of todos. */
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
   * Returns the owner of (issuer, kind, subject), created if new. Verified facts of the principal are stored; missing
   * ones are left unchanged, because another credential of the same client may have provided them.
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

  /**
   * Returns the owner of the client that the credential belongs to: all credentials of a client work on the same
   * todos.
   */
  private async assigned(principal: Principal): Promise<Owner | null> {
    const row = await this.store.prisma.credential.findUnique({
      where: { strategy_subject: credentialOf(principal) },
      select: { client: { select: { owner: { select: ownerFields } } } },
    });
    return row?.client.owner ?? null;
  }
}
