import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Todo, todoSchema } from '#gatehouse/todo-contract';
import { TodoStore } from '#gatehouse/todo-database';
import type { Prisma } from '#prisma/todo';
import { idempotencyKeyInUse, idempotencyKeyReused } from './todo.errors.js';

const lifetimeMs = 24 * 3600 * 1000;
// Keys of owners that never return are deleted during requests of others, a few at a time.
const sweptAtOnce = 100;

interface KeyedRequest {
  readonly ownerId: string;
  readonly key: string;
  /** The request that the key was sent with; another request with the same key is refused. */
  readonly request: unknown;
  readonly now: Date;
}

/** Makes a POST safe to repeat for 24 hours: the work and the record of its response are one transaction. */
@Injectable()
export class IdempotencyRepository {
  constructor(private readonly store: TodoStore) {}

  /** Runs `work` once for a key; later calls return its first response. Throws 409 and 422 problems. */
  async once(keyed: KeyedRequest, work: (tx: Prisma.TransactionClient) => Promise<Todo>): Promise<Todo> {
    const requestHash = hash('sha256', JSON.stringify(keyed.request));
    const expired = new Date(keyed.now.getTime() - lifetimeMs);
    return this.store.prisma.$transaction(async (tx) => {
      await lockKey(tx, keyed);
      const { ownerId, key, now: createdAt } = keyed;
      const earlier = await tx.idempotencyKey.findFirst({
        where: { ownerId, key, createdAt: { gt: expired } },
      });
      if (earlier && earlier.requestHash !== requestHash) throw idempotencyKeyReused();
      // A field that the contract did not have then gets the default of the schema.
      if (earlier) return todoSchema.parse(earlier.response);
      const response = await work(tx);
      const memory = { requestHash, response: { ...response }, createdAt };
      await tx.idempotencyKey.upsert({
        where: { ownerId_key: { ownerId, key } },
        create: { ownerId, key, ...memory },
        update: memory,
      });
      await sweep(tx, expired);
      return response;
    });
  }
}

/** Locks a key until the end of the transaction; another request with the same key is refused instead of waiting. */
async function lockKey(tx: Prisma.TransactionClient, { ownerId, key }: KeyedRequest): Promise<void> {
  const name = `idempotency ${ownerId} ${key}`;
  const [row] = await tx.$queryRaw<{ locked: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as locked`;
  if (!row?.locked) throw idempotencyKeyInUse();
}

const sweep = (tx: Prisma.TransactionClient, expired: Date) => tx.$executeRaw`
  delete from idempotency_keys where (owner_id, key) in (
    select owner_id, key from idempotency_keys where created_at <= ${expired}
    limit ${sweptAtOnce} for update skip locked)`;
