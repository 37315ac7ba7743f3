import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Mailbox } from '../../../mailbox/src/start-mailbox.js';
import type { StartConfig } from '../config.js';
import { banner } from '../output/banner.js';
import { openHomePage } from '../output/home-page.js';
import { type Screen, styled } from '../output/progress.js';
import { inWords, secondsBetweenRuns } from '../output/schedule.js';
import { appConfigs } from './app-configs.js';
import { claimPorts } from './ports.js';
import { type Apps, startApps } from './start-apps.js';
import { makeDatabaseTemplate, type Services, startServices, type SystemContext } from './start-services.js';

interface RunContext extends SystemContext {
  /** Where the banner and arrivals are shown. */
  readonly screen: Screen;
  /** Whether the home page is opened in a browser. */
  readonly open: boolean;
}

/**
 * The whole system, until `shutdown` closes it. Throws what keeps it from starting, and an ExitError 3 when the
 * Reminder App's credential is refused.
 */
export async function runSystem(wanted: StartConfig, context: RunContext): Promise<never> {
  const { screen, environment, warnings } = context;
  const config = await claimPorts(wanted);
  const services = await startServices(config, context, hintOf(config));
  const configs = appConfigs(environment, config, services.sandbox.secrets);
  const apps = await warnings.holdDuring(async () => {
    const template = hasDatabases(config) ? undefined : await makeDatabaseTemplate(context);
    return startApps(configs, services, { ...context, template });
  });
  const { url: unsubscribe } = await apps.reminder.serve();
  const { AUTH_STRATEGY: inForce, JWT_VALIDATION: jwtValidation, REVOCATION: revocation } = configs.todoApi;
  const urls = { ...urlsOf(services, apps), unsubscribe };
  screen.write(banner({ config, inForce, jwtValidation, revocation, source: configs.source, urls }, screen));
  showArrivals(services.mailbox, screen);
  if (context.open) screen.write(lineOf(await openHomePage(urls.devCenter, environment)));
  await apps.reminder.watch();
  // A schedule may come to its end; everything else goes on.
  return new Promise<never>(() => undefined);
}

const lineOf = (note: string | undefined): string => (note === undefined ? '' : `${note}\n`);

const hasDatabases = ({ DATABASE_URL, DATA_DIR }: StartConfig): boolean =>
  DATABASE_URL !== undefined || ['todo', 'reminder'].every((name) => existsSync(join(DATA_DIR, name)));

function hintOf({ REMINDER_SCHEDULE }: StartConfig): string {
  const seconds = secondsBetweenRuns(REMINDER_SCHEDULE);
  return (
    `The Reminder App looks for todos due within a day${seconds === undefined ? '' : ` every ${inWords(seconds)}`}. ` +
    'Create one with the curl that npm start printed in the terminal, and its reminder arrives here.'
  );
}

const urlsOf = ({ mailbox, sandbox }: Services, { todoApi, devCenter }: Apps) => ({
  todoApi: todoApi.url,
  devCenter: devCenter.url,
  sandbox: sandbox.url,
  mailbox: mailbox.pageUrl,
  smtp: mailbox.smtpUrl,
  metrics: todoApi.metricsUrl,
});

/** One line a mail, so that somebody who watches the terminal sees the Reminder App at work. */
function showArrivals(mailbox: Mailbox, screen: Screen): void {
  mailbox.onMail(({ id, to, subject }) => {
    const where = styled('dim', `${mailbox.pageUrl}/mails/${id}`, screen);
    // The sender chooses these texts; a terminal obeys control characters.
    const what = `${to.join(', ')}: ${subject}`.replace(/\p{Cc}/gu, ' ');
    screen.write(`Mail for ${what}  ${where}\n`);
  });
}
