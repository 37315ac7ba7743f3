import { EventEmitter } from 'node:events';
import type { Database } from '#gatehouse/database';
import { withClientLock } from './client-lock.js';

const embedded = { kind: 'embedded' } as Database;

/** A server that has given the lock to somebody else, or not. */
function server(taken: boolean) {
  const [asked, released]: [string[], unknown[]] = [[], []];
  const query = (text: string, values: string[]) => {
    asked.push(`${text} ${values.join()}`);
    return Promise.resolve({ rows: [{ value: taken }] });
  };
  const release = (destroy: unknown) => void released.push(destroy);
  const connection = Object.assign(new EventEmitter(), { query, release });
  const pool = { connect: () => Promise.resolve(connection) };
  return { database: { kind: 'server', pool } as unknown as Database, asked, released };
}

describe('one at a time', () => {
  it('rejects a second command on a client until the first has succeeded or failed', async () => {
    const first = Promise.withResolvers<string>();
    const working = withClientLock(embedded, 'ada', () => first.promise);
    const second = () => withClientLock(embedded, 'ada', () => Promise.resolve('second'));
    await expect(second()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/Nothing was changed/) as string,
    });
    await expect(withClientLock(embedded, 'bruno', () => Promise.resolve('other'))).resolves.toBe('other');
    first.reject(new Error('failed'));
    await expect(working).rejects.toThrow('failed');
    await expect(second()).resolves.toBe('second');
  });

  it('takes the advisory lock of the client at the server, and does no work without it', async () => {
    const [mine, theirs] = [server(true), server(false)];
    await expect(withClientLock(mine.database, 'ada', () => Promise.resolve('done'))).resolves.toBe('done');
    expect(mine.asked).toEqual([
      expect.stringMatching(/pg_try_advisory_lock.* gatehouse client ada$/),
      expect.stringMatching(/pg_advisory_unlock.* gatehouse client ada$/),
    ]);
    let worked = false;
    const late = withClientLock(theirs.database, 'ada', () => Promise.resolve((worked = true)));
    await expect(late).rejects.toMatchObject({ exitCode: 1 });
    expect(worked).toBe(false);
    // A lock belongs to its session, so the connection is not used again.
    expect([...mine.released, ...theirs.released]).toEqual([true, true]);
  });
});
