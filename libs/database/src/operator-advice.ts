/** The members of errors from the driver, Node's sockets and Prisma that say what went wrong. */
export interface AnyDatabaseError {
  readonly code?: string;
  /** The SQLSTATE, if Prisma's driver adapter wraps the server's error. */
  readonly originalCode?: string;
  readonly message?: string;
  /** The server's message, if Prisma's driver adapter wraps its error. */
  readonly originalMessage?: string;
  readonly meta?: { readonly driverAdapterError?: unknown };
  readonly cause?: unknown;
  /** Node tries every address of a host name and collects the failures. */
  readonly errors?: readonly unknown[];
}

/**
 * The advice if a connection does not come from PostgreSQL itself, or a session does not have the requested settings.
 */
export const poolerAdvice =
  'DATABASE_URL goes through a connection pooler (such as PgBouncer) that does not give each connection a session ' +
  'of its own. Set pool_mode = session there, or connect to PostgreSQL directly: docs/database.md';

const role = 'Check user and password in DATABASE_URL';

/** Advice by SQLSTATE, appendix A of the PostgreSQL manual. */
const bySqlState: Readonly<Record<string, string>> = {
  '28P01': `The database refuses the password. ${role}`,
  '28000': `The database refuses this user. ${role}, that the role may log in, and pg_hba.conf`,
  '3D000':
    'The database does not exist. Create it (createdb), or correct its name at the end of DATABASE_URL',
  '42501':
    'This user lacks privileges that the app needs. Grant it CREATE on the database, or make it the owner of ' +
    'the schema and its tables',
};

/** Matches the codes that Node reports for certificates (X509_V_ERR_… of OpenSSL, and its own). */
const certificate = /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|ERR_TLS_CERT|INVALID_CA)/;
const untrusted =
  'The TLS certificate of the database is not trusted. Set the file of its CA with sslrootcert=… in DATABASE_URL or ' +
  'NODE_EXTRA_CA_CERTS, and connect by the name it was issued for';

/** Advice by the messages of node-postgres and of PgBouncer, which has one code (08P01) for everything. */
const byMessage: readonly (readonly [RegExp, string])[] = [
  [
    /unsupported startup parameter/i,
    `${poolerAdvice}. A parameter in DATABASE_URL (options=…) is refused too`,
  ],
  [
    /does not support SSL/i,
    'The database does not offer TLS. Enable it there, or remove sslmode from DATABASE_URL',
  ],
  [/client password must be/i, 'The database requires a password. Add it to DATABASE_URL'],
  [
    /password authentication failed|SASL authentication failed/i,
    `The database refuses the password. ${role}`,
  ],
  [
    /no such (user|database)|database .* does not exist/i,
    'The pooler does not know this user or database. Correct DATABASE_URL',
  ],
];

/**
 * Returns what an operator must do about `error`, in a sentence with the server's own message. Undefined if no action
 * is needed.
 */
export function operatorAdvice(error: AnyDatabaseError): string | undefined {
  const code = error.originalCode ?? error.code ?? '';
  const message = error.originalMessage ?? error.message ?? '';
  const advice = adviceFor(code, message);
  return advice && `${advice} (${code === '' ? '' : `${code}: `}${message}).`;
}

function adviceFor(code: string, message: string): string | undefined {
  if (Object.hasOwn(bySqlState, code)) return bySqlState[code];
  if (certificate.test(code)) return untrusted;
  return code === '' || code === '08P01' ? byMessage.find(([words]) => words.test(message))?.[1] : undefined;
}
