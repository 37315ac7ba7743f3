import { CredentialFailure } from '#gatehouse/credentials';
import type { Database } from '#gatehouse/database';
import { createLogger } from '#gatehouse/platform';
import { silentLog, testDatabase } from '../../../../test/support/embedded-database.js';
import { SharedRefreshToken } from './shared-refresh-token.repository.js';

describe('the refresh token that workers share', () => {
  let database: Database;

  beforeAll(async () => (database = await testDatabase('reminder')));
  afterAll(() => database.close());
  beforeEach(() => database.pool.query('truncate refresh_tokens'));

  /** A worker whose configured file holds `seed`. */
  const worker = (seed: string) => {
    const shared = new SharedRefreshToken(database.pool, 'jwt', () => Promise.resolve(seed), silentLog);
    return () => shared.rotate((token) => Promise.resolve({ successor: `${token}+`, value: token }));
  };

  it('is taken from the file once, then from the row', async () => {
    const rotate = worker('first');

    expect([await rotate(), await rotate(), await rotate()]).toEqual(['first', 'first+', 'first++']);
  });

  it('is not checked in the database while its file can be read', async () => {
    const shared = new SharedRefreshToken(database.pool, 'jwt', () => Promise.resolve('first'), silentLog);

    await expect(shared.check()).resolves.toBeUndefined();
  });

  it('is the same for every worker with that file', async () => {
    const [one, other] = [worker('first'), worker('first')];

    const spent = await Promise.all([one(), other(), one(), other()]);

    expect(spent.sort()).toEqual(['first', 'first+', 'first++', 'first+++']);
  });

  it('is replaced by a newly configured token', async () => {
    await worker('first')();

    const rotate = worker('second');

    expect([await rotate(), await rotate()]).toEqual(['second', 'second+']);
  });

  it('is not reverted by a worker that still has the old file', async () => {
    const old = worker('first');
    await old();
    await worker('second')();

    expect(await old()).toBe('second+');
  });

  it('is used from the row if its file is gone', async () => {
    await worker('first')();
    const gone = () => Promise.reject(new Error('no file'));
    const shared = new SharedRefreshToken(database.pool, 'jwt', gone, silentLog);

    await shared.check();
    expect(await shared.rotate((token) => Promise.resolve({ value: token }))).toBe('first+');
  });

  it('is reported if its file cannot be used, which is named when the token of the row is refused', async () => {
    await worker('first')();
    const lines: string[] = [];
    const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
    const unreadable = () => Promise.reject(new Error('can be read by other users'));
    const shared = new SharedRefreshToken(database.pool, 'jwt', unreadable, log);

    const refused = shared.rotate(() => Promise.reject(new CredentialFailure('refused', 'Log in.')));

    await expect(refused).rejects.toMatchObject({
      kind: 'refused',
      message: 'Log in. can be read by other users',
    });
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        reason: 'can be read by other users',
        msg: expect.stringContaining('without its file') as string,
      }),
    ]);
    const unavailable = shared.rotate(() => Promise.reject(new CredentialFailure('unavailable', 'Down.')));
    await expect(unavailable).rejects.toMatchObject({ kind: 'unavailable', message: 'Down.' });
  });

  it('requires its file while there is no row', async () => {
    const gone = () => Promise.reject(new Error('no file'));
    const shared = new SharedRefreshToken(database.pool, 'jwt', gone, silentLog);

    await expect(shared.check()).rejects.toThrow('no file');
    await expect(shared.rotate(() => Promise.resolve({ value: 1 }))).rejects.toThrow('no file');
  });

  it('is unchanged if spending fails', async () => {
    const rotate = worker('first');
    await rotate();
    const shared = new SharedRefreshToken(database.pool, 'jwt', () => Promise.resolve('first'), silentLog);

    await expect(shared.rotate(() => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');

    expect(await rotate()).toBe('first+');
  });

  it('is unchanged if the server did not rotate it', async () => {
    const shared = new SharedRefreshToken(database.pool, 'jwt', () => Promise.resolve('first'), silentLog);
    const reuse = () => shared.rotate((token) => Promise.resolve({ value: token }));

    expect([await reuse(), await reuse()]).toEqual(['first', 'first']);
  });
});
