import pg from 'pg';
import { databaseUnavailable } from './unavailable.js';

const withCode = (code: string) => Object.assign(new Error('refused'), { code });

describe('what counts as a database that cannot answer now', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', '57P01', '57014', '53300', '08006', 'P1001', 'P2024'])(
    'an error with code %s',
    (code) => expect(databaseUnavailable(withCode(code))).toBe(true),
  );

  it('a refused connection to a port where nothing listens', async () => {
    const pool = new pg.Pool({ connectionString: 'postgresql://nobody@127.0.0.1:1/none' });
    const error = await pool.query('select 1').catch((reason: unknown) => reason);
    await pool.end();
    expect(databaseUnavailable(error)).toBe(true);
  });

  it('an error that was caused by one', () => {
    expect(databaseUnavailable(new Error('Migration failed', { cause: withCode('ECONNRESET') }))).toBe(true);
  });

  it('a statement that Prisma sent and the server cut off', () => {
    const cut = Object.assign(withCode('P2010'), {
      meta: {
        driverAdapterError: {
          name: 'DriverAdapterError',
          cause: { kind: 'postgres', originalCode: '57014' },
        },
      },
    });
    expect(databaseUnavailable(cut)).toBe(true);
  });

  it.each(['23505', '42P01', '22P02', 'P2002', 'P2025'])('but not an answer with code %s', (code) =>
    expect(databaseUnavailable(withCode(code))).toBe(false),
  );

  it('and not a mistake of ours', () => {
    expect(databaseUnavailable(new TypeError('x is undefined'))).toBe(false);
  });
});
