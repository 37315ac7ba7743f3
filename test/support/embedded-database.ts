import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type Database, type DatabaseName, migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { createLogger, Secret } from '#gatehouse/platform';
import { freshDatabase } from './fresh-database.js';

const root = join(import.meta.dirname, '../..');

/**
 * Returns a data directory of the installed PGlite, freshly initialised or, with a name, with that schema's
 * migrations applied. Each is created once (some seconds), then stored in node_modules/.cache; a database that starts
 * as its copy is open in a quarter of a second.
 */
export async function databaseTemplate(migrated?: DatabaseName): Promise<string> {
  const cache = join(root, 'node_modules/.cache/gatehouse');
  const kind = migrated ? `-${migrated}-${hashOf(migrationsOf(migrated))}` : '';
  const template = join(cache, `pglite-${pgliteVersion()}${kind}`);
  if (existsSync(template)) return template;
  // Two test workers may get here at the same time: each renames a whole directory into place, and the second finds
  // it there.
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(`${template}.`);
  const data = migrated ? await migratedIn(draft, migrated) : await initialisedIn(draft);
  await rename(data, template).catch(() => undefined);
  await rm(draft, { recursive: true, force: true });
  return template;
}

async function initialisedIn(directory: string): Promise<string> {
  const data = join(directory, 'data');
  await (await PGlite.create(data)).close();
  return data;
}

async function migratedIn(directory: string, name: DatabaseName): Promise<string> {
  const template = await databaseTemplate();
  const database = await openDatabase({ name, dataDir: directory, log: silentLog, template });
  await migrate(database, migrationsOf(name)).finally(() => database.close());
  return join(directory, name);
}

/** Changes when a migration is added or edited. */
function hashOf(migrations: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(migrations, { recursive: true, encoding: 'utf8' }).toSorted())
    if (file.endsWith('.sql')) hash.update(`${file}\n`).update(readFileSync(join(migrations, file)));
  return hash.digest('hex').slice(0, 16);
}

function pgliteVersion(): string {
  const manifest = readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Creates a directory for one test file; `remove` deletes it. */
export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Opens a separate migrated database that is removed when it is closed: embedded, or on the server of
 * TEST_DATABASE_URL.
 */
export async function testDatabase(name: DatabaseName): Promise<Database> {
  const directory = await temporaryDirectory();
  const fresh = await freshDatabase();
  const url = fresh && new Secret(fresh.url);
  const template = await databaseTemplate(name);
  const database = await openDatabase({ name, url, dataDir: directory.path, log: silentLog, template });
  await migrate(database, migrationsOf(name));
  const remove = async () => {
    await fresh?.drop();
    await directory.remove();
  };
  return { ...database, close: () => database.close().finally(remove) };
}

export const silentLog = createLogger('test', 'silent');
