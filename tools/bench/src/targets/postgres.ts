import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startPostgres } from '../installed-postgres.js';
import { serveParent, settings } from '../processes/in-child.js';

/** A database of our own, on the server that is given or on one that is started here; gone with the parent. */
const { databaseUrl } = settings as { databaseUrl?: string };
const server = databaseUrl === undefined ? await startPostgres() : undefined;
const admin = databaseUrl ?? server?.url ?? '';
const name = `gatehouse_bench_${randomBytes(4).toString('hex')}`;
await run(`create database ${name}`);
const own = new URL(admin);
own.pathname = `/${name}`;

serveParent(own.href, {}, () => server?.stop() ?? run(`drop database ${name} with (force)`));

async function run(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  await client.query(text).finally(() => client.end());
}
