/** How long a caller may wait for the database, in milliseconds, before it is told that there is none. */
export const timeLimits = {
  /** For a connection: a new one, or a free one of the pool. */
  connectMs: 3_000,
  /** For a statement, enforced by the server. */
  statementMs: 5_000,
  /** For a server that stopped answering at all; above `statementMs`, so that the server's own word comes first. */
  answerMs: 6_000,
} as const;

/**
 * Start-up options of every session. A role or server whose time zone is not UTC would shift instants silently.
 */
export const sessionSettings = (schema: string): Record<string, string> => ({
  timezone: 'UTC',
  search_path: schema,
});

export const sessionOptions = (schema: string): string =>
  Object.entries({ ...sessionSettings(schema), statement_timeout: String(timeLimits.statementMs) })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
