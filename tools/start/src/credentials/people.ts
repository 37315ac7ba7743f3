import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { strategies, type StrategyName } from '#gatehouse/auth';
import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import { type Logger, type Shutdown, writePrivateFile } from '#gatehouse/platform';
import type { Me } from '#gatehouse/todo-contract';
import type { DevCenter } from '../../../../apps/dev-center/src/start-dev-center.js';
import type { TodoApiConfig } from '../../../../apps/todo-api/src/config.js';
import type { Sandbox } from '../../../sandbox/src/start-sandbox.js';
import { type Identity, otherClients, people } from '../identities.js';
import { issueCredential } from './issue.js';
import { keepTokenFiles } from './token-files.js';

/** Credentials as text, by name of the person. */
type Credentials = Readonly<Record<string, string>>;

export interface IssueOptions {
  readonly config: TodoApiConfig;
  readonly todoApiUrl: string;
  readonly devCenter: DevCenter;
  readonly sandbox: Sandbox;
  readonly log: Logger;
  readonly shutdown: Shutdown;
}

/** Returns the private file that stores a person's credential of a strategy. */
export const credentialFile = (dataDir: string, strategy: StrategyName, name: string): string =>
  join(dataDir, 'start', strategy, name);

/**
 * Returns the identities that have a credential of a strategy. Access tokens are also for the clients known from the
 * start.
 */
export const holders = (strategy: StrategyName): readonly Identity[] =>
  strategy === 'jwt' ? [...people, ...otherClients] : people;

/** Returns the request header that presents a credential. */
export const headerOf = (strategy: StrategyName, text: string): Record<string, string> =>
  Object.fromEntries([strategies[strategy].presentation.header(text)]);

/**
 * Issues a credential of each active strategy to every person, into the file that {@link credentialFile} names.
 * Resolves with those of the first strategy.
 */
export async function issueForPeople(options: IssueOptions): Promise<Credentials> {
  const all: Credentials[] = [];
  for (const strategy of options.config.AUTH_STRATEGY) {
    const issued =
      strategy === 'jwt' ? await accessTokens(options) : await lastingCredentials(strategy, options);
    all.push(issued);
  }
  return all[0] ?? {};
}

async function accessTokens({ config, sandbox, log, shutdown }: IssueOptions): Promise<Credentials> {
  const files = await keepTokenFiles({
    directory: dirname(credentialFile(config.DATA_DIR, 'jwt', 'ada')),
    identities: holders('jwt'),
    logIn: (identity) => logIn(identity, sandbox, config.FUSIONAUTH_APPLICATION_ID),
    log,
  });
  shutdown.add('token files', () => Promise.resolve(files.stop()));
  return files.tokens;
}

/** Runs the code grant for a person known from the sandbox's kickstart file. */
function logIn({ email, password: secret }: Identity, sandbox: Sandbox, clientId: string) {
  const password = sandbox.secrets[secret];
  if (password === undefined) throw new Error(`the kickstart file has no #{ENV.${secret}}`);
  // The address of the Dev Center in the kickstart file; nothing needs to listen there.
  const redirectUri = 'http://127.0.0.1:3001/callback';
  return walkCodeGrant({ url: sandbox.url, clientId, redirectUri, loginId: email, password });
}

/**
 * Issues a credential to a client of each person. One issued at an earlier start that still opens the person's todos is
 * reused, so that saved commands keep working.
 */
async function lastingCredentials(strategy: StrategyName, options: IssueOptions): Promise<Credentials> {
  const { config, devCenter, todoApiUrl } = options;
  const credentials: Record<string, string> = {};
  for (const { name, email } of people) {
    const file = credentialFile(config.DATA_DIR, strategy, name);
    const kept = secretIn(file);
    if (kept !== undefined && (await opensTodosOf(email, { strategy, text: kept, todoApiUrl }))) {
      credentials[name] = kept;
      continue;
    }
    const { settings, secret } = await issueCredential(devCenter, {
      client: `${name}-tries-it`,
      strategy,
      roles: 'todo-reader,todo-writer',
      owner: email,
    });
    const text = [settings['LOGIN_EMAIL'], secret.value.reveal()].filter(Boolean).join(':');
    writePrivateFile(file, `${text}\n`);
    credentials[name] = text;
  }
  return credentials;
}

/** Returns the secret that an earlier start wrote; undefined where the file contains none. */
function secretIn(file: string): string | undefined {
  try {
    return /^\S{20,}$/.exec(readFileSync(file, 'utf8').trim())?.[0];
  } catch {
    return undefined;
  }
}

/** Returns whether the Todo API accepts a credential as one of the person's. Throws when it cannot decide. */
async function opensTodosOf(
  email: string,
  { strategy, text, todoApiUrl }: { strategy: StrategyName; text: string; todoApiUrl: string },
): Promise<boolean> {
  const headers = headerOf(strategy, text);
  const response = await fetch(`${todoApiUrl}/me`, { headers, signal: AbortSignal.timeout(10_000) });
  if (response.status === 401) return false;
  if (!response.ok) throw new Error(`The Todo API answered ${response.status} to GET /me`);
  return ((await response.json()) as Me).owner.email === email;
}
