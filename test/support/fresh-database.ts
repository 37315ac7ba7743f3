import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { processEnvironment } from '#gatehouse/platform';

export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * Creates an empty database on the PostgreSQL server of TEST_DATABASE_URL; undefined if tests run on embedded
 * databases.
 */
export async function freshDatabase(): Promise<FreshDatabase | undefined> {
  const server = processEnvironment()['TEST_DATABASE_URL'];
  if (!server) return undefined;
  const name = `gatehouse_${randomBytes(8).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await onServer(server, `create database ${name}`);
  return { url: url.href, drop: () => onServer(server, `drop database ${name} with (force)`) };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
