import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { type Database, prismaAdapter } from '#gatehouse/database';
import { PrismaClient } from '#prisma/todo';
import { databaseNotReady } from './database-problems.js';

// Milliseconds. With these limits a frozen server causes an error, not an endless wait.
const transactionLimits = { maxWait: 3_000, timeout: 5_000 };

/** The todo database for the repositories. Until it is migrated, every use is refused with 503. */
export class TodoStore {
  readonly #prisma: PrismaClient;
  #migrated = false;

  constructor(private readonly database: Database) {
    // Prisma's longer messages quote the arguments of a call, which are personal data.
    this.#prisma = new PrismaClient({
      adapter: prismaAdapter(database),
      errorFormat: 'minimal',
      transactionOptions: transactionLimits,
    });
  }

  get prisma(): PrismaClient {
    if (!this.#migrated) throw databaseNotReady();
    return this.#prisma;
  }

  /** The same connections without Prisma, for the statement that must be fastest. */
  get pool(): pg.Pool {
    if (!this.#migrated) throw databaseNotReady();
    return this.database.pool;
  }

  get kind(): Database['kind'] {
    return this.database.kind;
  }

  get migrated(): boolean {
    return this.#migrated;
  }

  /** Opens the store for use after the migrations. */
  async open(): Promise<void> {
    await this.#prisma.$connect();
    this.#migrated = true;
  }

  /** Resolves with whether the database answers in time. */
  async answers(timeoutMs: number): Promise<boolean> {
    const answered = this.database.pool.query('select 1').then(
      () => true,
      () => false,
    );
    return Promise.race([answered, setTimeout(timeoutMs, false, { ref: false })]);
  }

  async close(): Promise<void> {
    await this.#prisma.$disconnect();
    await this.database.close();
  }
}
