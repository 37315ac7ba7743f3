import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#gatehouse/database';
import type { Environment, Logger, Shutdown } from '#gatehouse/platform';
import { type Mailbox, startMailbox } from '../../../mailbox/src/start-mailbox.js';
import { type Sandbox, startSandbox } from '../../../sandbox/src/start-sandbox.js';
import type { StartConfig } from '../config.js';
import type { Progress } from '../output/progress.js';
import type { Warnings } from '../output/warnings.js';

export interface SystemContext {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly warnings: Warnings;
  /** Returns the logger of an app. */
  readonly logOf: (app: string) => Logger;
  readonly shutdown: Shutdown;
}

export interface Services {
  readonly mailbox: Mailbox;
  readonly sandbox: Sandbox;
}

/** Starts the services that the apps rely on: the sandbox, which issues credentials, and a mail server. */
export async function startServices(
  config: StartConfig,
  { progress, logOf, shutdown, environment }: SystemContext,
  hint?: string,
): Promise<Services> {
  const { SMTP_PORT: smtpPort, MAILBOX_PORT: pagePort, SANDBOX_PORT: port, DATA_DIR: dataDir } = config;
  const mailbox = await progress.step('mailbox', () =>
    startMailbox({ log: logOf('mailbox'), smtpPort, pagePort, dataDir, hint }),
  );
  shutdown.add('mailbox', () => mailbox.close());
  const sandbox = await progress.step('sandbox, instead of FusionAuth', () =>
    startSandbox({ host: '127.0.0.1', port, dataDir, environment, log: logOf('sandbox') }),
  );
  shutdown.add('sandbox', () => sandbox.close());
  return { mailbox, sandbox };
}

/**
 * Initializes an embedded database as a template, since a copy takes a tenth of the time. Resolves with its directory,
 * which is deleted at the shutdown.
 */
export async function makeDatabaseTemplate({ progress, logOf, shutdown }: SystemContext): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  shutdown.add('database template', () => rm(dataDir, { recursive: true, force: true }));
  await progress.step('empty database', async () => {
    const database = await openDatabase({ name: 'todo', dataDir, log: logOf('start') });
    // The pool connects on its first query.
    await database.pool.query('select 1');
    await database.close();
  });
  return join(dataDir, 'todo');
}
