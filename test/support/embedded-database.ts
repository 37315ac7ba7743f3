import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createLogger, Secret } from '#gatehouse/platform';
import { freshDatabase } from './fresh-database.js';
import { migrate, migrationsOf, openDatabase, type Database, type DatabaseName } from '#gatehouse/database';

const root = join(import.meta.dirname, '../..');

/**
 * Path of a dumped, freshly initialised data directory of the installed PGlite. Made once (some seconds), then kept
 * in node_modules/.cache; opening from it takes about one second.
 */
export async function cachedTarball(): Promise<string> {
  const cache = join(root, 'node_modules/.cache/gatehouse');
  const tarball = join(cache, `pglite-${pgliteVersion()}.tar.gz`);
  if (existsSync(tarball)) return tarball;
  await mkdir(cache, { recursive: true });
  const pglite = await PGlite.create();
  const dump = await pglite.dumpDataDir('gzip');
  await pglite.close();
  // Two test workers may arrive here at once: each renames a whole file into place.
  const draft = `${tarball}.${process.pid}`;
  await writeFile(draft, Buffer.from(await dump.arrayBuffer()));
  await rename(draft, tarball);
  return tarball;
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
  const tarball = await cachedTarball();
  const database = await openDatabase({ name, url, dataDir: directory.path, log: silentLog, tarball });
  await migrate(database, migrationsOf(name));
  const remove = async () => {
    await fresh?.drop();
    await directory.remove();
  };
  return { ...database, close: () => database.close().finally(remove) };
}

export const silentLog = createLogger('test', 'silent');
