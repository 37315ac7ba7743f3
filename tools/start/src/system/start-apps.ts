import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StrategyName, Witness } from '#gatehouse/auth';
import { type Database, openDatabase } from '#gatehouse/database';
import { exitCodes, ExitError, writePrivateFile } from '#gatehouse/platform';
import type { DevCenterConfig } from '../../../../apps/dev-center/src/config.js';
import {
  type DevCenter,
  type HomeAddition,
  startDevCenter,
} from '../../../../apps/dev-center/src/start-dev-center.js';
import { createReminder, type Reminder } from '../../../../apps/reminder-app/src/reminder.js';
import type { TodoApiConfig } from '../../../../apps/todo-api/src/config.js';
import { startTodoApi, type TodoApi } from '../../../../apps/todo-api/src/start-todo-api.js';
import { liveComparison } from '../../../compare/src/live/live-comparison.js';
import { issueCredential } from '../credentials/issue.js';
import { issueForPeople } from '../credentials/people.js';
import type { AppConfigs } from './app-configs.js';
import { allowReturn } from './return-address.js';
import { seedPeople } from './seed-todos.js';
import type { Services, SystemContext } from './start-services.js';
import { withWebhooks } from './webhooks.js';

export interface AppsContext extends SystemContext {
  /** The template of new embedded databases; undefined where none will be new. */
  readonly template?: string | undefined;
  /** Kept open while the Todo API restarts. */
  readonly database: Database;
  /** The additions of the home page to the Dev Center's own content. */
  readonly home?: Omit<HomeAddition, 'links'>;
  /** Receives the Todo API's decisions about requests. */
  readonly witness?: Witness;
}

/** The apps that a switch of strategy replaces; undefined while they are being replaced. */
export interface Exchangeable {
  todoApi?: TodoApi | undefined;
  /** Its schedule is not running yet. */
  reminder?: Reminder | undefined;
}

export interface StartedApps {
  readonly todoApi: TodoApi;
  readonly reminder: Reminder;
  readonly now: Exchangeable;
  readonly devCenter: DevCenter;
  readonly devCenterConfig: DevCenterConfig;
  /** The strategies for which people have a credential. */
  readonly issuedFor: Set<StrategyName>;
}

/** Starts the apps with everything they need: a credential for everybody, and todos to remind people of. */
export async function startApps(
  configs: AppConfigs,
  services: Services,
  context: AppsContext,
): Promise<StartedApps> {
  const { sandbox } = services;
  const { progress, logOf, shutdown, template } = context;
  const now: Exchangeable = {};
  shutdown.add('todo-api', async () => now.todoApi?.close());
  const todoApi = await progress.step('Todo API', () =>
    startReadyTodoApi(configs.todoApi, services, context),
  );
  now.todoApi = todoApi;
  const devCenter = await progress.step('Dev Center', async () => {
    await allowReturn(configs.devCenter, sandbox);
    return startDevCenterHere(configs, services, context);
  });
  const reminder = await progress.step('Reminder App', async () =>
    createReminder(await reminderConfig(configs, devCenter), { log: logOf('reminder'), template }),
  );
  now.reminder = reminder;
  // Closes first, so that it stops calling before the API stops answering.
  shutdown.add('reminder', async () => now.reminder?.close());
  const credentials = await progress.step('credentials of people and clients', () =>
    issueForPeople({
      config: configs.todoApi,
      todoApiUrl: todoApi.url,
      devCenter,
      sandbox,
      log: logOf('start'),
      shutdown,
    }),
  );
  const { AUTH_STRATEGY: strategies } = configs.todoApi;
  const [strategy = 'jwt'] = strategies;
  await progress.step('todos of Ada, Bruno and Chiyo', () => seedPeople(todoApi.url, strategy, credentials));
  const issuedFor = new Set(strategies);
  return { todoApi, reminder, now, devCenter, devCenterConfig: configs.devCenter, issuedFor };
}

/**
 * Starts the Dev Center in this process, since only this one can use an embedded database; its /compare runs the
 * comparison.
 */
async function startDevCenterHere(
  configs: AppConfigs,
  { mailbox, sandbox }: Services,
  { logOf, shutdown, database, home }: AppsContext,
): Promise<DevCenter> {
  const comparison = liveComparison({ directory: join(configs.devCenter.DATA_DIR, 'comparison') });
  const links = [
    { title: 'Mailbox', url: mailbox.pageUrl, about: 'shows every mail that is sent' },
    { title: 'Sandbox', url: sandbox.url, about: 'locks users, rotates keys, fails, and shows each request' },
  ];
  const devCenter = await startDevCenter(configs.devCenter, {
    database,
    log: logOf('dev-center'),
    pages: comparison.pages,
    home: { ...home, links },
  });
  shutdown.add('dev-center', () => devCenter.close());
  shutdown.add('comparison', () => comparison.close());
  return devCenter;
}

/** Returns the Reminder App's configuration, with a credential that the Dev Center issues. */
export async function reminderConfig({ source, reminder }: AppConfigs, devCenter: DevCenter) {
  const { settings, secret } = await issueCredential(devCenter, {
    client: 'reminder',
    strategy: source,
    roles: 'todo-auditor',
  });
  if (source !== 'jwt') return reminder({ ...settings, [secret.name]: secret.value.reveal() });
  const config = reminder(settings);
  // The Reminder App replaces the token in this file at each rotation.
  writePrivateFile(config.REFRESH_TOKEN_FILE ?? '', `${secret.value.reveal()}\n`);
  return config;
}

/**
 * Starts a Todo API and waits until it is ready. Throws like {@link startTodoApi}, and an ExitError 4 when it does not
 * become ready.
 */
export async function startReadyTodoApi(
  wanted: TodoApiConfig,
  { sandbox }: Pick<Services, 'sandbox'>,
  { logOf, database, witness }: AppsContext,
): Promise<TodoApi> {
  const config = await withWebhooks(wanted, sandbox);
  const api = await startTodoApi(config, { log: logOf('todo-api'), database, witness });
  try {
    await untilReady(api.url, config);
  } catch (error) {
    await api.close();
    throw error;
  }
  return api;
}

/** Opens the database of the todos, which is closed last at the shutdown. */
export async function openTodoDatabase(
  { DATABASE_URL: url, DATA_DIR: dataDir }: TodoApiConfig,
  { logOf, shutdown }: Pick<SystemContext, 'logOf' | 'shutdown'>,
  template?: string,
): Promise<Database> {
  const database = await openDatabase({ name: 'todo', url, dataDir, log: logOf('todo-api'), template });
  shutdown.add('database', () => database.close());
  return database;
}

const readyWithinSeconds = 30;

/** Waits until the API is ready. Throws an ExitError 4 with the API's own reasons when it does not become ready. */
async function untilReady(url: string, { DATABASE_URL }: TodoApiConfig): Promise<void> {
  const deadline = Date.now() + readyWithinSeconds * 1000;
  for (;;) {
    const problem = await problemOf(url);
    if (problem === undefined) return;
    if (Date.now() > deadline) {
      const advice = DATABASE_URL ? ' Check DATABASE_URL, or unset it for an embedded database.' : '';
      const why = `The Todo API is not ready after ${readyWithinSeconds} s. ${problem}${advice}`;
      throw new ExitError(why, exitCodes.unavailable);
    }
    await delay(100);
  }
}

/** Returns the reason why the API is not ready; undefined once it is. */
async function problemOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    const { detail = '' } = (await response.json()) as { detail?: string };
    return response.ok ? undefined : detail;
  } catch (error) {
    // While a database initializes in this process, the process may take seconds to answer itself.
    return (error as Error).message;
  }
}
