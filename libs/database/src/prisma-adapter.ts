import { hash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Database } from './open-database.js';

/** Prisma on the pool of `database`, server or embedded alike. Named statements are planned once a connection. */
export function prismaAdapter(database: Database): PrismaPg {
  return new PrismaPg(database.pool, {
    schema: database.schema,
    // PostgreSQL cuts names at 63 bytes; this one has 43.
    statementNameGenerator: ({ sql }) => hash('sha256', sql, 'base64url'),
  });
}
