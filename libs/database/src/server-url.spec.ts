import pg from 'pg';
import { Secret } from '#gatehouse/platform';
import { silentLog } from '../../../test/support/embedded-database.js';
import { openDatabase } from './open-database.js';

/** The host that the driver goes to and names in its TLS handshake. */
async function hostFor(url: string): Promise<string> {
  const database = await openDatabase({ name: 'todo', url: new Secret(url), dataDir: '', log: silentLog });
  await database.close();
  return new pg.Client(database.pool.options).host;
}

describe('the host of a database server', () => {
  it.each([
    ['postgresql://app:p%40ss@bücher.example:5432/x', 'xn--bcher-kva.example'],
    ['postgresql://app@b%C3%BCcher.example/x', 'xn--bcher-kva.example'],
    ['postgresql://app@ignored/x?host=bücher.example&sslmode=disable', 'xn--bcher-kva.example'],
    ['postgresql://app@db.example.com/x', 'db.example.com'],
    ['postgresql://app@[::1]:5433/x', '::1'],
    ['postgresql://app@%2Frun%2Fbücher/x', '/run/bücher'],
    ['postgresql://app@ignored/x?host=/run/bücher', '/run/bücher'],
  ])('of %s is %s', async (url, host) => expect(await hostFor(url)).toBe(host));
});
