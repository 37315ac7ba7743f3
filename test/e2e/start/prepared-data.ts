import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '#gatehouse/database';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../support/embedded-database.js';

/** Creates a data directory with empty databases, which saves the process that uses it some seconds. */
export async function preparedData(): Promise<{ path: string; remove(): Promise<void> }> {
  const directory = await temporaryDirectory();
  const template = await databaseTemplate();
  const database = await openDatabase({ name: 'todo', dataDir: directory.path, log: silentLog, template });
  await database.pool.query('select 1');
  await database.close();
  await cp(join(directory.path, 'todo'), join(directory.path, 'reminder'), { recursive: true });
  return directory;
}
