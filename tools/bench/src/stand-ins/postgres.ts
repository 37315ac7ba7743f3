import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { processEnvironment } from '#gatehouse/platform';
import { startPostgres } from '../installed-postgres.js';
import { NotMeasured } from '../outcome.js';

/**
 * Creates a database, on the server of DATABASE_URL or on one that is started here; closing drops it. Throws
 * NotMeasured where PostgreSQL is not installed.
 */
export async function startDatabase() {
  const given = processEnvironment()['DATABASE_URL'];
  const server = given === undefined ? await startPostgres().catch(missing) : undefined;
  const admin = given ?? server?.url ?? '';
  const name = `gatehouse_bench_${randomBytes(4).toString('hex')}`;
  await run(admin, `create database ${name}`);
  const own = new URL(admin);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    close: () => server?.stop() ?? run(admin, `drop database ${name} with (force)`),
  };
}

function missing(error: Error): never {
  throw error.message.startsWith('PostgreSQL server is missing') ? new NotMeasured(error.message) : error;
}

async function run(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(text).finally(() => client.end());
}
