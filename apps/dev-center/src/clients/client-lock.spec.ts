import { EventEmitter } from 'node:events';
import type { Database } from '#gatehouse/database';
import { withClientLock } from './client-lock.js';

const embedded = { kind: 'embedded' } as Database;

/** A server that has given the lock to somebody else, or not; `fails` makes it reject the next query. */
function server(taken: boolean) {
  const [asked, released]: [string[], unknown[]] = [[], []];
  const connections: EventEmitter[] = [];
  const state = { fails: false };
  const query = (text: string, values: string[]) => {
    asked.push(`${text} ${values.join()}`);
    return state.fails ? Promise.reject(new Error('lost')) : Promise.resolve({ rows: [{ value: taken }] });
  };
  const release = (destroy: unknown) => void released.push(destroy);
  const pool = {
    connect: () => {
      const connection = Object.assign(new EventEmitter(), { query, release });
      connections.push(connection);
      return Promise.resolve(connection);
    },
  };
  return { database: { kind: 'server', pool } as unknown as Database, asked, released, connections, state };
}

describe('one at a time', () => {
  it('rejects a second command on a client until the first has succeeded or failed', async () => {
    const first = Promise.withResolvers<string>();
    const working = withClientLock(embedded, 'ada', () => first.promise);
    const second = () => withClientLock(embedded, 'ada', () => Promise.resolve('second'));
    await expect(second()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/Nothing was changed.*npm run credentials -- list/) as string,
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

  it('takes one connection for all clients, and another after the last is done', async () => {
    const { database, connections, released } = server(true);
    const chiyo = Promise.withResolvers<void>();
    const working = withClientLock(database, 'chiyo', () => chiyo.promise);
    await withClientLock(database, 'ada', () => Promise.resolve());
    expect([connections.length, released.length]).toEqual([1, 0]);
    chiyo.resolve();
    await working;
    await withClientLock(database, 'ada', () => Promise.resolve());
    expect([connections.length, released.length]).toEqual([2, 2]);
  });

  it.each<[string, (lost: ReturnType<typeof server>) => Promise<unknown>]>([
    ['has been lost', ({ connections: [connection] }) => Promise.resolve(connection?.emit('error'))],
    [
      'has failed',
      async ({ database, state }) => {
        state.fails = true;
        await expect(withClientLock(database, 'clara', () => Promise.resolve())).rejects.toThrow('lost');
        state.fails = false;
      },
    ],
  ])('takes another connection where the first %s, even while a client is worked on', async (how, lose) => {
    const ground = server(true);
    const longer = Promise.withResolvers<void>();
    // A client of its own, because a test that fails leaves its client busy.
    const working = withClientLock(ground.database, `client ${how}`, () => longer.promise);
    await withClientLock(ground.database, 'ada', () => Promise.resolve());
    await lose(ground);
    await withClientLock(ground.database, 'ada', () => Promise.resolve());
    expect(ground.connections).toHaveLength(2);
    longer.resolve();
    await working;
  });
});
