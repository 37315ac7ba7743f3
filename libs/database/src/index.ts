export { migrate, migrationsOf } from './migrate.js';
export { openDatabase, type Database, type DatabaseName } from './open-database.js';
export { ownConnections, type OwnConnection } from './own-connection.js';
export { prismaAdapter } from './prisma-adapter.js';
export {
  DatabaseProblem,
  databaseProblem,
  databaseUnavailable,
  explainedDatabaseError,
} from './database-problem.js';
export { serverUrlProblem } from './server-url.js';
export { storageProblem } from './storage-problem.js';
