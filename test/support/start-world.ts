import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import { type Clock, type Environment, type Logger, parseConfig } from '#gatehouse/platform';
import { todoApiSchema } from '../../apps/todo-api/src/config.js';
import { startTodoApi, type TodoApi } from '../../apps/todo-api/src/start-todo-api.js';
import { applicationId } from '../../tools/issuer/src/token-minter.js';
import { type Sandbox, startSandbox } from '../../tools/sandbox/src/start-sandbox.js';
import { identity, otherClients, people } from '../../tools/start/src/identities.js';
import { databaseTemplate, silentLog, temporaryDirectory } from './embedded-database.js';
import { freshDatabase } from './fresh-database.js';
import { pushSettings, sendWebhooksTo } from './webhook-set-up.js';

/** The user of the kickstart file that may read everybody's todos. */
export const reminderClient = identity('reminder', 'clients.example.com');

export interface WorldOptions {
  /** Settings of the Todo API besides those that connect it to the sandbox. */
  readonly env?: Environment | ((sandbox: Sandbox) => Promise<Environment>);
  readonly clock?: Clock;
  readonly log?: Logger;
  /** REVOCATION=push, with a webhook of the sandbox that calls the Todo API. */
  readonly push?: boolean;
}

export interface World {
  readonly sandbox: Sandbox;
  readonly api: TodoApi;
  /** The Todo API's environment, for a second one or for a restart. */
  readonly env: Environment;
  /**
   * Returns an access token from the code grant: `ada`, `bruno`, `chiyo`, `reminder`, `calendar-syncer`, `analytics`.
   */
  tokenOf(name: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts a sandbox and a Todo API in this process on free ports, each with an embedded database. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { log = silentLog } = options;
  const clock = options.clock ? { clock: options.clock } : {};
  const directory = await temporaryDirectory();
  const closers: (() => Promise<unknown>)[] = [() => directory.remove()];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const sandbox = await startSandbox({
      port: 0,
      host: '127.0.0.1',
      dataDir: directory.path,
      log,
      ...clock,
    });
    closers.push(() => sandbox.close());
    const given = typeof options.env === 'function' ? await options.env(sandbox) : options.env;
    const env: Record<string, string | undefined> = {
      PORT: '0',
      FUSIONAUTH_URL: sandbox.url,
      // Sandbox and database share this process: while one computes, the others seem slow.
      FUSIONAUTH_DEADLINE_MS: '5000',
      DATA_DIR: directory.path,
      FUSIONAUTH_API_KEY: sandbox.secrets['FUSIONAUTH_API_KEY'],
      FUSIONAUTH_CLIENT_SECRET: sandbox.secrets['FUSIONAUTH_CLIENT_SECRET'],
      ...(options.push ? await pushSettings(sandbox) : {}),
      ...given,
    };
    const fresh = given?.['DATABASE_URL'] ? undefined : await freshDatabase();
    if (fresh) {
      env['DATABASE_URL'] = fresh.url;
      closers.push(() => fresh.drop());
    }
    const template = await databaseTemplate('todo');
    const api = await startTodoApi(parseConfig(todoApiSchema, env), { log, template, ...clock });
    closers.push(() => api.close());
    if (options.push) await sendWebhooksTo(sandbox, api.url);
    return { sandbox, api, env, tokenOf: (name) => logIn(sandbox, name), close };
  } catch (error) {
    // Anything left running would keep the test process alive.
    await close();
    throw error;
  }
}

async function logIn(sandbox: Sandbox, name: string): Promise<string> {
  const identity = [...people, reminderClient, ...otherClients].find((one) => one.name === name);
  if (!identity) throw new Error(`the sandbox has no user ${name}`);
  const answer = await walkCodeGrant({
    url: sandbox.url,
    clientId: applicationId,
    redirectUri: 'http://127.0.0.1:3001/callback',
    loginId: identity.email,
    password: sandbox.secrets[identity.password] ?? '',
    clock: () => sandbox.clock.now(),
  });
  return answer.access_token;
}
