import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Mailbox } from '../../../mailbox/src/start-mailbox.js';
import type { StartConfig } from '../config.js';
import { credentialFile, holders } from '../credentials/people.js';
import { people } from '../identities.js';
import { banner } from '../output/banner.js';
import { type Screen, styled } from '../output/progress.js';
import { inWords, secondsBetweenRuns } from '../output/schedule.js';
import { type AppConfigs, appConfigs } from './app-configs.js';
import { claimAddresses } from './ports.js';
import { type Apps, startApps } from './start-apps.js';
import { makeDatabaseTemplate, type Services, startServices, type SystemContext } from './start-services.js';

interface RunContext extends SystemContext {
  /** Where the banner and arrivals are shown. */
  readonly screen: Screen;
  readonly logFile: string;
}

/**
 * The whole system, until `shutdown` closes it. Throws what keeps it from starting, and an ExitError 3 when the
 * Reminder App's credential is refused.
 */
export async function runSystem(wanted: StartConfig, context: RunContext): Promise<never> {
  const { screen, environment, warnings } = context;
  const config = await claimAddresses(wanted);
  const services = await startServices(config, context, hintOf(config));
  const configs = appConfigs(environment, config, services.sandbox.secrets);
  const apps = await warnings.holdDuring(async () => {
    const template = hasDatabases(config) ? undefined : await makeDatabaseTemplate(context);
    return startApps(configs, services, { ...context, template });
  });
  const { url: unsubscribe } = await apps.reminder.serve();
  const shown = { config, configs, services, apps, unsubscribe, logFile: context.logFile };
  screen.write(bannerOf(shown, screen));
  showArrivals(services.mailbox, screen);
  await apps.reminder.watch();
  // A schedule may come to its end; everything else goes on.
  return new Promise<never>(() => undefined);
}

const hasDatabases = ({ DATABASE_URL, DATA_DIR }: StartConfig): boolean =>
  DATABASE_URL !== undefined || ['todo', 'reminder'].every((name) => existsSync(join(DATA_DIR, name)));

function hintOf({ REMINDER_SCHEDULE }: StartConfig): string {
  const seconds = secondsBetweenRuns(REMINDER_SCHEDULE);
  return (
    `The Reminder App looks for todos due within a day${seconds === undefined ? '' : ` every ${inWords(seconds)}`}. ` +
    'Create one with the curl that npm start printed in the terminal, and its reminder arrives here.'
  );
}

interface Running {
  readonly config: StartConfig;
  readonly configs: AppConfigs;
  readonly services: Services;
  readonly apps: Apps;
  readonly unsubscribe: string;
  readonly logFile: string;
}

function bannerOf(running: Running, screen: Screen): string {
  const { config, configs, services, apps, unsubscribe, logFile } = running;
  const { mailbox, sandbox } = services;
  const { AUTH_STRATEGY: strategies, JWT_VALIDATION: jwtValidation, DATA_DIR: dataDir } = configs.todoApi;
  const facts = {
    urls: {
      todoApi: apps.todoApi.url,
      devCenter: apps.devCenter.url,
      sandbox: sandbox.url,
      mailbox: mailbox.pageUrl,
      smtp: mailbox.smtpUrl,
      unsubscribe,
      metrics: apps.todoApi.metricsUrl,
    },
    jwtValidation,
    source: configs.source,
    database: config.DATABASE_URL ? 'the server behind DATABASE_URL' : `embedded in ${dataDir}`,
    logFile,
    credentials: strategies.map((strategy) => ({
      strategy,
      file: credentialFile(dataDir, strategy, 'ada'),
      of: holders(strategy).map(({ name }) => name),
    })),
    logIns: people.map(({ email }) => email),
    passwordFile: join(dataDir, 'sandbox', 'secrets.env'),
    reminderSeconds: secondsBetweenRuns(config.REMINDER_SCHEDULE),
    mailTo: 'ada@example.com',
  };
  return banner(facts, screen);
}

/** One line a mail, so that somebody who watches the terminal sees the Reminder App at work. */
function showArrivals(mailbox: Mailbox, screen: Screen): void {
  mailbox.onMail(({ id, to, subject }) => {
    const where = styled('dim', `${mailbox.pageUrl}/mails/${id}`, screen);
    // The sender chooses these texts; a terminal obeys control characters.
    const what = `${to.join(', ')}: ${subject}`.replace(/\p{Cc}/gu, ' ');
    screen.write(`Mail for ${what}  ${where}\n`);
  });
}
