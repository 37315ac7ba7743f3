import { type Database, prismaAdapter } from '#gatehouse/database';
import type { Clock } from '#gatehouse/platform';
import { PrismaClient } from '#prisma/todo';
import { AuditRepository } from './audit.repository.js';
import { ClientRepository } from './client.repository.js';
import { CredentialRepository } from './credential.repository.js';

// Milliseconds; an embedded database has one connection, which a request of the Todo API may hold for a moment.
const transactionOptions = { maxWait: 10_000, timeout: 10_000 };

/** What the Dev Center keeps, on the database of the Todo API. */
export class CenterStore {
  readonly clients: ClientRepository;
  readonly credentials: CredentialRepository;
  readonly audit: AuditRepository;
  readonly #prisma: PrismaClient;

  constructor(database: Database, clock: Clock) {
    // Prisma's longer messages quote a call with its arguments.
    this.#prisma = new PrismaClient({
      adapter: prismaAdapter(database),
      errorFormat: 'minimal',
      transactionOptions,
    });
    this.audit = new AuditRepository(this.#prisma);
    this.clients = new ClientRepository(this.#prisma, this.audit);
    this.credentials = new CredentialRepository(this.#prisma, this.audit, clock);
  }

  close(): Promise<void> {
    return this.#prisma.$disconnect();
  }
}
