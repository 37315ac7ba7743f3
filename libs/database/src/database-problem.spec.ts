import pg from 'pg';
import { ExitError } from '#gatehouse/platform';
import { databaseProblem, databaseUnavailable, explainedDatabaseError } from './database-problem.js';

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

describe('what an operator has to do something about', () => {
  const said = (code: string, message: string) =>
    databaseProblem(Object.assign(new Error(message), { code }));

  it.each([
    [
      '28P01',
      'password authentication failed for user "app"',
      /refuses the password\. Check user and password/,
    ],
    ['28000', 'no pg_hba.conf entry for host', /refuses this user/],
    ['3D000', 'database "x" does not exist', /does not exist\. Create it/],
    ['42501', 'permission denied for database x', /lacks privileges.*Grant it CREATE/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify', /certificate.*not trusted.*sslrootcert/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed', /certificate.*not trusted/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'Hostname does not match', /certificate.*the name it was issued for/],
    ['08P01', 'unsupported startup parameter: options', /pooler.*pool_mode = session/],
    ['08P01', 'database "none" does not exist', /pooler does not know this user or database/],
  ])('%s: %s', (code, message, sentence) => {
    const trouble = said(code, message);
    expect(trouble).toMatchObject({ exitCode: 78, passes: false });
    expect(trouble!.message).toMatch(sentence);
    expect(trouble!.message).toContain(`(${code}: ${message}).`);
  });

  it.each([
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', /requires a password/],
    ['The server does not support SSL connections', /does not offer TLS/],
  ])('%s', (message, sentence) => {
    const trouble = databaseProblem(new Error(message));
    expect(trouble).toMatchObject({ exitCode: 78, message: expect.stringMatching(sentence) as string });
  });

  it('a refusal that Prisma wraps, in the words of the server', () => {
    const cause = {
      kind: 'AuthenticationFailed',
      originalCode: '28P01',
      originalMessage: 'no, says the server',
    };
    const wrapped = Object.assign(withCode('P1000'), { meta: { driverAdapterError: { cause } } });
    expect(databaseProblem(wrapped)?.message).toContain('(28P01: no, says the server).');
  });

  it('and not what a pooler of one error code says of a server that is away', () => {
    expect(said('08P01', 'server login failed: the database system is starting up')?.passes).toBe(true);
  });
});

describe('an error that a command ends with', () => {
  it('keeps an explanation that it has, also where its cause is a refused connection', () => {
    const error = new ExitError('FusionAuth is away', 4, { cause: withCode('ECONNREFUSED') });
    expect(explainedDatabaseError(error)).toBe(error);
    expect(databaseUnavailable(error)).toBe(false);
  });

  it('says what has become of the work where the database is away', () => {
    expect(explainedDatabaseError(withCode('ECONNREFUSED'), 'Three of five are done.')).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining(
        'does not answer. Three of five are done. Check DATABASE_URL',
      ) as string,
    });
  });

  it('is passed on as it is where it is not a problem of the database', () => {
    const error = withCode('42P01');
    expect(explainedDatabaseError(error)).toBe(error);
  });
});
