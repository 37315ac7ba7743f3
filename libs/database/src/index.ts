export { startPostgres, type RunningPostgres } from './installed-postgres.js';
export { migrate, migrationsOf } from './migrate.js';
export { openDatabase, type Database, type DatabaseName, type DatabaseOptions } from './open-database.js';
export { prismaAdapter } from './prisma-adapter.js';
export { DatabaseTrouble, databaseTrouble, databaseUnavailable, explainedDatabaseError } from './trouble.js';
