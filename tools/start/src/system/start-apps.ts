import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exitCodes, ExitError, writePrivateFile } from '#gatehouse/platform';
import { type DevCenter, startDevCenter } from '../../../../apps/dev-center/src/start-dev-center.js';
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

interface AppsContext extends SystemContext {
  /** What new embedded databases start from; undefined where none will be new. */
  readonly template?: string | undefined;
}

export interface Apps {
  readonly todoApi: TodoApi;
  readonly devCenter: DevCenter;
  /** Not yet running. */
  readonly reminder: Reminder;
}

/** The apps with all that they need in order to work: a credential for everybody, and todos to remind people of. */
export async function startApps(
  configs: AppConfigs,
  { sandbox, mailbox }: Services,
  context: AppsContext,
): Promise<Apps> {
  const { progress, logOf, shutdown, template } = context;
  const todoApi = await progress.step('Todo API', async () =>
    startReadyTodoApi(await withWebhooks(configs.todoApi, sandbox), context),
  );
  const devCenter = await progress.step('Dev Center', async () => {
    await allowReturn(configs.devCenter, sandbox);
    return startDevCenterHere(configs, { database: todoApi.database, mailbox, sandbox }, context);
  });
  const reminder = await progress.step('Reminder App', async () => {
    const config = configs.reminder(await reminderCredential(configs, devCenter));
    return createReminder(config, { log: logOf('reminder'), template });
  });
  // Closes first, so that it stops asking before the API stops answering.
  shutdown.add('reminder', () => reminder.close());
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
  const [strategy = 'jwt'] = configs.todoApi.AUTH_STRATEGY;
  await progress.step('todos of Ada, Bruno and Chiyo', () => seedPeople(todoApi.url, strategy, credentials));
  return { todoApi, devCenter, reminder };
}

/** In this process, since it alone can use an embedded database; its /compare runs the comparison. */
async function startDevCenterHere(
  configs: AppConfigs,
  { database, mailbox, sandbox }: Pick<TodoApi, 'database'> & Pick<Services, 'mailbox' | 'sandbox'>,
  { logOf, shutdown }: AppsContext,
): Promise<DevCenter> {
  const comparison = liveComparison({ directory: join(configs.devCenter.DATA_DIR, 'comparison') });
  const devCenter = await startDevCenter(configs.devCenter, {
    database,
    log: logOf('dev-center'),
    pages: comparison.pages,
    home: {
      links: [
        { title: 'Mailbox', url: mailbox.pageUrl, about: 'shows every mail that is sent' },
        {
          title: 'Sandbox',
          url: sandbox.url,
          about: 'locks users, rotates keys, fails, and shows each request',
        },
      ],
    },
  });
  shutdown.add('dev-center', () => devCenter.close());
  shutdown.add('comparison', () => comparison.close());
  return devCenter;
}

/** The settings of the Reminder App's credential, which the Dev Center issues. */
async function reminderCredential({ source, reminder }: AppConfigs, devCenter: DevCenter) {
  const { settings, secret } = await issueCredential(devCenter, {
    client: 'reminder',
    strategy: source,
    roles: 'todo-auditor',
  });
  if (source !== 'jwt') return { ...settings, [secret.name]: secret.value.reveal() };
  // The Reminder App replaces it there at each rotation.
  writePrivateFile(reminder(settings).REFRESH_TOKEN_FILE ?? '', `${secret.value.reveal()}\n`);
  return settings;
}

/** A Todo API that answers. Throws like {@link startTodoApi}, and an ExitError 4 when it does not become ready. */
async function startReadyTodoApi(
  config: TodoApiConfig,
  { logOf, shutdown, template }: AppsContext,
): Promise<TodoApi> {
  const api = await startTodoApi(config, { log: logOf('todo-api'), template });
  shutdown.add('todo-api', () => api.close());
  await untilReady(api.url, config);
  return api;
}

const readyWithinSeconds = 30;

/** Throws an ExitError 4 with the API's own reasons when it does not become ready. */
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

/** Why the API is not ready; undefined once it is. */
async function problemOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    const { detail = '' } = (await response.json()) as { detail?: string };
    return response.ok ? undefined : detail;
  } catch (error) {
    // A database that initialises beside it can keep this process from answering itself for seconds.
    return (error as Error).message;
  }
}
