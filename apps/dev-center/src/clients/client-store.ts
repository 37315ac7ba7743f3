import type { AuthMemory } from '#gatehouse/auth';
import { type Database, prismaAdapter } from '#gatehouse/database';
import type { Clock } from '#gatehouse/platform';
import { AuthMemoryRepository } from '#gatehouse/todo-database';
import { PrismaClient } from '#prisma/todo';
import { AuditRepository } from './audit.repository.js';
import { ClientRepository } from './client.repository.js';
import { CredentialRepository } from './credential.repository.js';

/** The Dev Center's repositories in the database of the Todo API. */
export interface ClientStore {
  readonly clients: ClientRepository;
  readonly credentials: CredentialRepository;
  readonly audit: AuditRepository;
  /** The memory of the Todo API's guard. */
  readonly guardMemory: AuthMemory;
  close(): Promise<void>;
}

export function openClientStore(database: Database, clock: Clock): ClientStore {
  const prisma = new PrismaClient({
    adapter: prismaAdapter(database),
    // Prisma's longer messages quote the arguments of a call.
    errorFormat: 'minimal',
    // Milliseconds. An embedded database has one connection, which a request of the Todo API may use for a moment.
    transactionOptions: { maxWait: 10_000, timeout: 10_000 },
  });
  const audit = new AuditRepository(prisma);
  return {
    audit,
    clients: new ClientRepository(prisma, audit),
    credentials: new CredentialRepository(prisma, audit, clock),
    guardMemory: new AuthMemoryRepository({ prisma, pool: database.pool }, clock),
    close: () => prisma.$disconnect(),
  };
}
