import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type Database, type DatabaseName, migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { createLogger, Secret } from '#gatehouse/platform';
import { freshDatabase } from './fresh-database.js';

const root = join(import.meta.dirname, '../..');

/**
 * A freshly initialised data directory of the installed PGlite. Made once (some seconds), then kept in
 * node_modules/.cache; a database that starts as its copy is open in a quarter of a second.
 */
export async function databaseTemplate(): Promise<string> {
  const cache = join(root, 'node_modules/.cache/gatehouse');
  const template = join(cache, `pglite-${pgliteVersion()}`);
  if (existsSync(template)) return template;
  // Two test workers may arrive here at once: each renames a whole directory into place, and the second finds it there.
  const draft = `${template}.${process.pid}`;
  await mkdir(cache, { recursive: true });
  const pglite = await PGlite.create(draft);
  await pglite.close();
  await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }));
  return template;
}

function pgliteVersion(): string {
  const manifest = readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** A directory of its own for one test file; `remove` deletes it. */
export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A migrated database of one's own that goes when it is closed: embedded, or on the server of TEST_DATABASE_URL. */
export async function testDatabase(name: DatabaseName): Promise<Database> {
  const directory = await temporaryDirectory();
  const fresh = await freshDatabase();
  const url = fresh && new Secret(fresh.url);
  const template = await databaseTemplate();
  const database = await openDatabase({ name, url, dataDir: directory.path, log: silentLog, template });
  await migrate(database, migrationsOf(name));
  const remove = async () => {
    await fresh?.drop();
    await directory.remove();
  };
  return { ...database, close: () => database.close().finally(remove) };
}

export const silentLog = createLogger('test', 'silent');
