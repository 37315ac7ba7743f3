import { dataDirProblem, type Secret } from '#gatehouse/platform';
import type { DatabaseName } from './open-database.js';
import { serverUrlProblem } from './server-url.js';

interface StorageSettings {
  readonly DATABASE_URL?: Secret | undefined;
  readonly DATA_DIR: string;
}

/** Returns a line for the operator if a database cannot be opened with these settings, on a server or embedded. */
export const storageProblem = (name: DatabaseName, { DATABASE_URL, DATA_DIR }: StorageSettings): string[] =>
  DATABASE_URL ? serverUrlProblem('DATABASE_URL', DATABASE_URL) : dataDirProblem(DATA_DIR, name);
