import { serverUrlProblem } from '#gatehouse/database';
import { databaseUrl, type Secret, setting } from '#gatehouse/platform';

/** The setting `DATABASE_LISTEN_URL` of an app that shares the todo database with others. */
export const listenUrlSetting = setting(databaseUrl().optional(), {
  secret: true,
  about:
    'the same server over a connection with its own session, for LISTEN: direct or through a session pooler; unset: DATABASE_URL',
  example: 'postgresql://user:password@localhost:5432/gatehouse',
});

interface DatabaseUrls {
  readonly DATABASE_URL?: Secret | undefined;
  readonly DATABASE_LISTEN_URL?: Secret | undefined;
}

/** Returns what is wrong with the two URLs, as lines for the operator. */
export const databaseUrlProblems = ({
  DATABASE_URL: url,
  DATABASE_LISTEN_URL: listenUrl,
}: DatabaseUrls): string[] => [
  ...serverUrlProblem('DATABASE_URL', url),
  ...serverUrlProblem('DATABASE_LISTEN_URL', listenUrl),
  ...(listenUrl && !url
    ? ['DATABASE_LISTEN_URL: must point to the server of DATABASE_URL, which is unset: set both, or neither']
    : []),
];
