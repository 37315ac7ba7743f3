import { processEnvironment } from '#gatehouse/platform';
import { type Child, startChild } from './child.js';

/** A PostgreSQL database of one's own; or, in words, why there is none and how to get one. */
export async function startDatabase(): Promise<Child | string> {
  const databaseUrl = processEnvironment()['DATABASE_URL'];
  try {
    return await startChild('postgres', { databaseUrl }, { measured: false });
  } catch (error) {
    const message = (error as Error).message;
    return /Error: (PostgreSQL server is missing.*)/.exec(message)?.[1] ?? message;
  }
}
