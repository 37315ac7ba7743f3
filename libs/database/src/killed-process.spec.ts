import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../../test/support/embedded-database.js';
import { startTypeScript } from '../../../test/support/typescript-process.js';
import { openDatabase } from './open-database.js';

const writer = join(import.meta.dirname, '../../../test/support/write-until-killed.ts');

describe('an embedded database whose process is killed with SIGKILL while it writes', () => {
  it('keeps every acknowledged row and opens again at once; while it lives nobody else may open it', async () => {
    const data = await temporaryDirectory();
    const template = await databaseTemplate();
    const child = startTypeScript(writer, [data.path, template]);
    const errors: string[] = [];
    child.stderr!.on('data', (text) => errors.push(String(text)));
    let acknowledged = 0;
    for await (const line of createInterface(child.stdout!)) {
      acknowledged = Number(line);
      if (acknowledged === 20) {
        const second = openDatabase({ name: 'todo', dataDir: data.path, log: silentLog });
        await expect(second).rejects.toMatchObject({ exitCode: 75 });
      }
      if (acknowledged === 300) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect({ signal: child.signalCode, errors }).toEqual({ signal: 'SIGKILL', errors: [] });

    const database = await openDatabase({ name: 'todo', dataDir: data.path, log: silentLog });
    const { rows } = await database.pool.query<{ count: number }>('select count(*)::int from acknowledged');
    expect(rows[0]!.count).toBeGreaterThanOrEqual(acknowledged);
    await database.close();
    await data.remove();
  });
});
