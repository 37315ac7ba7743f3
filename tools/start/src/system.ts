import { setTimeout as delay } from 'node:timers/promises';
import { type Environment, exitCodes, ExitError, type Logger, type Shutdown } from '#gatehouse/platform';
import { createReminder, type Reminder } from '../../../apps/reminder-app/src/reminder.js';
import type { TodoApiConfig } from '../../../apps/todo-api/src/config.js';
import { startTodoApi, type TodoApi } from '../../../apps/todo-api/src/start-todo-api.js';
import { type Mailbox, startMailbox } from '../../mailbox/src/start-mailbox.js';
import { type Sandbox, startSandbox } from '../../sandbox/src/start-sandbox.js';
import type { PartConfigs } from './part-configs.js';
import { loopback, type Places } from './places.js';
import type { Progress } from './progress.js';
import type { Trouble } from './trouble.js';

export interface SystemParts {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly trouble: Trouble;
  /** A logger for the part of that name. */
  readonly logOf: (part: string) => Logger;
  readonly shutdown: Shutdown;
  /** A freshly initialised data directory that new embedded databases start from; see openDatabase. */
  readonly template?: string;
}

/** The places that matter here, and what the empty mailbox says will make a mail arrive. */
type SurroundingsOptions = Pick<Places, 'smtpPort' | 'pagePort' | 'sandboxPort' | 'dataDir'> & {
  hint?: string;
};

export interface Surroundings {
  readonly mailbox: Mailbox;
  readonly sandbox: Sandbox;
}

/** What the two apps stand on: somebody who issues credentials, and somebody who takes mail. */
export async function startSurroundings(
  { smtpPort, pagePort, sandboxPort, dataDir, hint }: SurroundingsOptions,
  { progress, logOf, shutdown, environment }: SystemParts,
): Promise<Surroundings> {
  const mailbox = await progress.step('mailbox', () =>
    startMailbox({ log: logOf('mailbox'), smtpPort, pagePort, hint }),
  );
  shutdown.add('mailbox', () => mailbox.close());
  const sandbox = await progress.step('sandbox, in place of FusionAuth', () =>
    startSandbox({
      host: loopback,
      port: sandboxPort,
      dataDir,
      environment,
      log: logOf('sandbox'),
    }),
  );
  shutdown.add('sandbox', () => sandbox.close());
  return { mailbox, sandbox };
}

export interface Apps {
  readonly todoApi: TodoApi;
  readonly reminder: Reminder;
}

/**
 * The Todo API, ready, and the Reminder App, not yet running. Side by side: each may have to initialise a database of
 * its own, which takes seconds.
 */
export async function startApps(configs: PartConfigs, parts: SystemParts): Promise<Apps> {
  const { progress, logOf, shutdown } = parts;
  const start = parts.template === undefined ? {} : { template: parts.template };
  const starting = [
    progress.step('Todo API', () => startReadyTodoApi(configs.todoApi, parts)),
    progress.step('Reminder App', () =>
      createReminder(configs.reminder, { log: logOf('reminder'), ...start }),
    ),
  ] as const;
  const [api, app] = await Promise.allSettled(starting);
  // Added in this order whichever was first, so that the Reminder stops asking before the API stops answering.
  if (api.status === 'fulfilled') shutdown.add('todo-api', () => api.value.close());
  if (app.status === 'fulfilled') shutdown.add('reminder', () => app.value.close());
  const [todoApi, reminder] = await Promise.all(starting);
  return { todoApi, reminder };
}

/** A Todo API that answers. Throws like {@link startTodoApi}, and an ExitError 4 when it does not become ready. */
export async function startReadyTodoApi(
  config: TodoApiConfig,
  { logOf, template }: SystemParts,
): Promise<TodoApi> {
  const start = template === undefined ? {} : { template };
  const api = await startTodoApi(config, { log: logOf('todo-api'), ...start });
  try {
    await untilReady(api.url, config);
    return api;
  } catch (error) {
    await api.close();
    throw error;
  }
}

const readyWithinSeconds = 30;

/** Throws an ExitError 4 with the API's own reasons when it does not become ready. */
async function untilReady(url: string, todoApi: TodoApiConfig): Promise<void> {
  const deadline = Date.now() + readyWithinSeconds * 1000;
  let answer = await askReadiness(url);
  while (!answer.ready) {
    if (Date.now() > deadline) {
      const advice = todoApi.DATABASE_URL ? ' Check DATABASE_URL, or unset it for an embedded database.' : '';
      const why = `The Todo API is not ready after ${readyWithinSeconds} s. ${answer.detail}${advice}`;
      throw new ExitError(why, exitCodes.unavailable);
    }
    await delay(100);
    answer = await askReadiness(url);
  }
}

async function askReadiness(url: string): Promise<{ ready: boolean; detail: string }> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    const { detail = '' } = (await response.json()) as { detail?: string };
    return { ready: response.ok, detail };
  } catch (error) {
    // A database that initialises beside it can keep this process from answering itself for seconds.
    return { ready: false, detail: (error as Error).message };
  }
}
