// Inserts rows into an embedded database and prints each number once the insert has been acknowledged.
import { openDatabase } from '#gatehouse/database';
import { createLogger } from '#gatehouse/platform';

const [dataDir, template] = process.argv.slice(2);
if (!dataDir) throw new Error('usage: write-until-killed <data directory> [template]');

const database = await openDatabase({
  name: 'todo',
  dataDir,
  template,
  log: createLogger('writer', 'silent'),
});
await database.pool.query('create schema if not exists todo');
await database.pool.query('create table if not exists acknowledged (n int primary key)');
for (let n = 1; ; n++) {
  await database.pool.query('insert into acknowledged values ($1)', [n]);
  // Waits for the event loop, so that the process ends when its reader is gone.
  await new Promise((written) => process.stdout.write(`${n}\n`, written));
}
