import { hash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Database } from './open-database.js';

/**
 * Returns Prisma's adapter for the pool of `database`, server or embedded. Named statements are planned once per
 * connection.
 */
export function prismaAdapter(database: Database): PrismaPg {
  return new PrismaPg(database.pool, {
    schema: database.schema,
    // PostgreSQL truncates names at 63 bytes; this one has 43.
    statementNameGenerator: ({ sql }) => hash('sha256', sql, 'base64url'),
  });
}
