import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { type Environment, parseConfig } from '#gatehouse/platform';
import { type ReminderConfig, schemaFor } from '../../../apps/reminder-app/src/config.js';
import { createReminder } from '../../../apps/reminder-app/src/reminder.js';
import type { ReminderOptions } from '../../../apps/reminder-app/src/reminder.module.js';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../support/embedded-database.js';
import { startIssuer, startTodos } from './stand-ins.js';

/** The environment of a Reminder: an authorization server, a Todo API, a mail folder and a data directory. */
export async function startReminderWorld() {
  const directory = await temporaryDirectory();
  const issuer = await startIssuer();
  const todos = await startTodos(issuer);
  const mailFolder = join(directory.path, 'mails');
  const tokenFile = join(directory.path, 'refresh-token');
  await mkdir(mailFolder);
  await writeFile(tokenFile, issuer.state.refreshToken, { mode: 0o600 });
  const environment: Environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    FUSIONAUTH_URL: issuer.url,
    TODO_API_URL: todos.url,
    REFRESH_TOKEN_FILE: tokenFile,
    SMTP_URL: `folder:${mailFolder}`,
    // Any free port, for commands that serve it. No test connects to it.
    PORT: '0',
    DATA_DIR: directory.path,
  };
  const template = await databaseTemplate('reminder');
  const config = (settings: Environment = {}): ReminderConfig => {
    const all = { ...environment, ...settings };
    return parseConfig(schemaFor(all), all);
  };
  return {
    directory: directory.path,
    issuer,
    todos,
    tokenFile,
    environment,
    config,
    template,
    /** Creates a Reminder on the world's data directory; the previous one must be closed. */
    reminder: (settings: Environment = {}, options: Partial<ReminderOptions> = {}) =>
      createReminder(config(settings), { log: silentLog, template, ...options }),
    /** Returns the mails in the folder, ordered by subject. */
    mails: async (): Promise<Email[]> => {
      const names = (await readdir(mailFolder)).filter((name) => name.endsWith('.eml'));
      const mails = await Promise.all(
        names.map(async (name) => PostalMime.parse(await readFile(join(mailFolder, name)))),
      );
      return mails.sort((a, b) => (a.subject ?? '').localeCompare(b.subject ?? ''));
    },
    close: async () => {
      await todos.close();
      await issuer.close();
      await directory.remove();
    },
  };
}

export type ReminderWorld = Awaited<ReturnType<typeof startReminderWorld>>;
