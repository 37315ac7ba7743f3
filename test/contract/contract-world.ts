import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { type Authenticator, type AuthMemory, createAuthenticator, readAuthConfig } from '#gatehouse/auth';
import { webhookRoute } from '#gatehouse/auth/nest';
import {
  type Clock,
  createLogger,
  createMetrics,
  type Environment,
  processEnvironment,
} from '#gatehouse/platform';
import { AuthMemoryRepository, TodoStore } from '#gatehouse/todo-database';
import { tenantId } from '../../tools/issuer/src/token-minter.js';
import { type Sandbox, startSandbox } from '../../tools/sandbox/src/start-sandbox.js';
import { loadState, stateFileIn } from '../../tools/sandbox/src/state/state-file.js';
import { sign } from '../../tools/sandbox/src/tokens/signing-key.js';
import { silentLog, temporaryDirectory, testDatabase } from '../support/embedded-database.js';
import { startGuardedApp } from '../support/guarded-app.js';
import { pushSettings, sendWebhooksTo } from '../support/webhook-set-up.js';

/** The guard behind the Nest door, with everything it has written. */
export interface Door {
  readonly url: string;
  readonly authenticator: Authenticator;
  readonly get: (path: string, headers?: Headers | Record<string, string>) => Promise<Answer>;
  readonly send: (
    method: string,
    path: string,
    headers?: Headers | Record<string, string>,
  ) => Promise<Answer>;
  /** Returns every log line, metric and refusal so far. */
  readonly written: () => Promise<string>;
  readonly close: () => Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly headers: Headers;
  readonly text: string;
}

/** The part of the world that sets up people, keys and entities. */
export interface AdminWorld {
  readonly sandbox: Sandbox;
  /**
   * Calls FusionAuth's API with a key that may do everything. Resolves with the parsed body; throws unless the answer
   * is 2xx.
   */
  readonly admin: <T = Record<string, never>>(
    method: string,
    path: string,
    body?: unknown,
    tenant?: string,
  ) => Promise<T>;
}

export interface ContractWorld extends AdminWorld {
  /** Opens a door in front of the sandbox. */
  readonly open: (env: Environment, memory?: AuthMemory) => Promise<Door>;
  /** Signs the claims of a token of FusionAuth, and further ones, with FusionAuth's own key. */
  readonly withClaims: (token: string, claims: object) => Promise<string>;
  /** Returns every log line, metric and answer of all doors, and every URL at which FusionAuth was called. */
  readonly everythingWritten: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** By default time passes only when a sentence advances it, so that a cache time is exact to the millisecond. */
export async function startContractWorld(clock: Clock = still(Date.now())): Promise<ContractWorld> {
  const directory = await temporaryDirectory();
  const kickstartFile = join(directory.path, 'kickstart.json');
  await writeFile(kickstartFile, await kickstartWithGlobalManager());
  const sandbox = await startSandbox({
    clock,
    port: 0,
    host: '127.0.0.1',
    dataDir: directory.path,
    log: silentLog,
    kickstartFile,
  });
  const doors: Door[] = [];
  const push = await pushSettings(sandbox);
  // With a database server the guard stores its memory there, as several replicas would; otherwise in its process.
  const database = processEnvironment()['TEST_DATABASE_URL'] ? await testDatabase('todo') : undefined;
  const store = database && new TodoStore(database);
  await store?.open();
  const memory = store && new AuthMemoryRepository(store, () => sandbox.clock.now());
  return {
    sandbox,
    admin: (...call) => callAdmin(sandbox, ...call),
    async open(env, own = memory) {
      const door = await openDoor(sandbox, env['REVOCATION'] === 'push' ? { ...env, ...push } : env, own);
      doors.push(door);
      return door;
    },
    async withClaims(token, claims) {
      const state = await loadState(stateFileIn(join(directory.path, 'sandbox')));
      const { kid, gty } = decodeProtectedHeader(token) as { kid: string; gty?: string[] };
      const key = [...state!.keys.values()].find((one) => one.kid === kid);
      return sign(key!, { ...decodeJwt(token), ...claims }, gty);
    },
    async everythingWritten() {
      const urls = sandbox.requests.list().map(({ path }) => path);
      return [...(await Promise.all(doors.map((door) => door.written()))), ...urls].join('\n');
    },
    async close() {
      await Promise.all(doors.map((door) => door.close()));
      await store?.close();
      await sandbox.close();
      await directory.remove();
    },
  };
}

const still = (now: number) => () => now;

/** Returns the project's own kickstart file, changed so that its first key may create keys of any tenant. */
async function kickstartWithGlobalManager(): Promise<string> {
  const text = await readFile('deploy/kickstart/kickstart.json', 'utf8');
  const kickstart = JSON.parse(text) as { apiKeys: [object, ...object[]] };
  const [first, ...others] = kickstart.apiKeys;
  return JSON.stringify({ ...kickstart, apiKeys: [{ ...first, keyManager: true }, ...others] });
}

/** Calls FusionAuth's API; by default with the key that may do everything. */
export async function callAdmin<T = Record<string, never>>(
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  tenant = tenantId,
  key = sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'],
): Promise<T> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: {
      authorization: key ?? '',
      'x-fusionauth-tenantid': tenant,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function openDoor(sandbox: Sandbox, env: Environment, memory: AuthMemory | undefined): Promise<Door> {
  const { FUSIONAUTH_API_KEY, FUSIONAUTH_CLIENT_SECRET } = sandbox.secrets;
  const config = readAuthConfig({
    FUSIONAUTH_URL: sandbox.url,
    FUSIONAUTH_API_KEY,
    FUSIONAUTH_CLIENT_SECRET,
    FUSIONAUTH_DEADLINE_MS: '1000',
    ...env,
  });
  const lines: string[] = [];
  const metrics = createMetrics();
  const clock = () => sandbox.clock.now();
  const log = createLogger('door', 'trace', { write: (line) => void lines.push(line) });
  const authenticator = createAuthenticator(config, { log, metrics, clock, ...(memory ? { memory } : {}) });
  await authenticator.start();
  // On a busy machine the first answer may come too late; the guard repeats the request every two seconds.
  const broken = env['FUSIONAUTH_URL'] !== undefined || Object.keys(sandbox.faults.list()).length > 0;
  for (let tries = 0; tries < 100 && !broken && !authenticator.readiness().ready; tries += 1)
    await delay(100);
  const app = await startGuardedApp(authenticator, {
    prepare: (one) => authenticator.receiveWebhook && one.register(webhookRoute(authenticator)),
  });
  const url = await app.getUrl();
  if (authenticator.receiveWebhook && !broken) await sendWebhooksTo(sandbox, url);
  const send: Door['send'] = async (method, path, headers = {}) => {
    const answer = await ask(method, url + path, headers);
    lines.push(answer.text, JSON.stringify([...answer.headers]));
    return answer;
  };
  const closeBoth = async () => {
    authenticator.close();
    await app.close();
  };
  let closing: Promise<void> | undefined;
  return {
    url,
    authenticator,
    get: (path, headers) => send('GET', path, headers),
    send,
    written: async () => lines.join('\n') + (await metrics.metrics()),
    close: () => (closing ??= closeBoth()),
  };
}

async function ask(method: string, url: string, headers: Headers | Record<string, string>): Promise<Answer> {
  const response = await fetch(url, { method, headers, redirect: 'manual' });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json')
    ? (JSON.parse(text) as { code?: string })
    : {};
  return { status: response.status, code: json.code, headers: response.headers, text };
}
