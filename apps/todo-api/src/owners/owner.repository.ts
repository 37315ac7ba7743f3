import { Injectable } from '@nestjs/common';
import type { Principal } from '#gatehouse/auth';
import { TodoStore } from '../store/todo-store.js';

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
   * not mention stays, since another credential of the same client may have told it.
   */
  async remember(principal: Principal, now: Date): Promise<Owner> {
    const { issuer, kind, subject, email, timeZone } = principal;
    const assigned = await this.assigned(principal);
    if (assigned) return assigned;
    const told = { ...(email ? { email } : {}), ...(timeZone ? { timeZone } : {}), updatedAt: now };
    return this.store.prisma.owner.upsert({
      where: { issuer_kind_subject: { issuer, kind, subject } },
      create: { issuer, kind, subject, createdAt: now, ...told },
      update: told,
      select: ownerFields,
    });
  }

  /** The owner that a recorded credential was issued for: an API key of somebody works on that person's todos. */
  private async assigned({ via, subject }: Principal): Promise<Owner | null> {
    const where = { strategy_subject: { strategy: via, subject } };
    const row = await this.store.prisma.credential.findUnique({
      where,
      select: { owner: { select: ownerFields } },
    });
    return row?.owner ?? null;
  }
}
