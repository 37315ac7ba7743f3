import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '#gatehouse/platform';
import type { Mailbox } from '../../../mailbox/src/start-mailbox.js';
import type { StartConfig } from '../config.js';
import { createTodoForAda } from '../home/ada.js';
import { choicesOf, settingsOf } from '../home/choices.js';
import { Home } from '../home/home.js';
import { Switching } from '../home/switching.js';
import { banner } from '../output/banner.js';
import { openHomePage } from '../output/home-page.js';
import { type Screen, styled } from '../output/progress.js';
import { inWords, secondsBetweenRuns } from '../output/schedule.js';
import { Traces } from '../requests/traces.js';
import { type AppConfigs, appConfigs } from './app-configs.js';
import { claimPorts } from './ports.js';
import { RunningApps } from './running-apps.js';
import { type AppsContext, openTodoDatabase, startApps, type StartedApps } from './start-apps.js';
import { makeDatabaseTemplate, type Services, startServices, type SystemContext } from './start-services.js';

interface RunContext extends SystemContext {
  /** Shows the banner and arriving mails. */
  readonly screen: Screen;
  /** Whether to open the home page in a browser. */
  readonly open: boolean;
}

/**
 * Runs the whole system until `shutdown` closes it. Throws the error that prevents a start, and an ExitError 3 when the
 * Reminder App's credential is refused.
 */
export async function runSystem(wanted: StartConfig, context: RunContext): Promise<never> {
  const { screen, environment, warnings } = context;
  const config = await claimPorts(wanted);
  const services = await startServices(config, context, hintOf(config));
  const configsOf = (variables: Environment) => appConfigs(variables, config, services.sandbox.secrets);
  const configs = configsOf(environment);
  const home = new Home();
  const traces = new Traces(config.TODO_API_PORT);
  context.shutdown.add('requests', () => Promise.resolve(traces.close()));
  const { apps, parts } = await warnings.holdDuring(() =>
    startAll(configs, services, { context, config, home: home.addition, witness: traces }),
  );
  const { url: unsubscribe } = await apps.reminder.serve();
  const urls = { ...urlsOf(services, apps), unsubscribe };
  const running = new RunningApps(apps, configs, services, parts);
  const choices = choicesOf(environment, configsOf);
  home.parts = {
    choices,
    switching: new Switching({
      choices,
      apps: running,
      log: context.logOf('start'),
      configsOf: (choice) => configsOf(choice.environment),
    }),
    traces,
    mailboxUrl: services.mailbox.pageUrl,
    createTodo: () => createTodoForAda(running.todoApi, config),
  };
  const strategies = configs.todoApi.AUTH_STRATEGY;
  screen.write(banner({ config, strategies, settings: settingsOf(configs), urls }, screen));
  showArrivals(services.mailbox, screen);
  if (context.open) screen.write(lineOf(await openHomePage(urls.devCenter, environment)));
  running.watch();
  return running.ended;
}

interface Started extends Pick<AppsContext, 'home' | 'witness'> {
  readonly context: RunContext;
  readonly config: StartConfig;
}

async function startAll(configs: AppConfigs, services: Services, { context, config, ...shown }: Started) {
  const template = hasDatabases(config) ? undefined : await makeDatabaseTemplate(context);
  const database = await openTodoDatabase(configs.todoApi, context, template);
  const parts = { ...context, ...shown, template, database };
  return { apps: await startApps(configs, services, parts), parts };
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

const urlsOf = ({ mailbox, sandbox }: Services, { todoApi, devCenter }: StartedApps) => ({
  todoApi: todoApi.url,
  devCenter: devCenter.url,
  sandbox: sandbox.url,
  mailbox: mailbox.pageUrl,
  smtp: mailbox.smtpUrl,
  metrics: todoApi.metricsUrl,
});

/** Prints one line per mail, so that the terminal shows the Reminder App at work. */
function showArrivals(mailbox: Mailbox, screen: Screen): void {
  mailbox.onMail(({ id, to, subject }) => {
    const where = styled('dim', `${mailbox.pageUrl}/mails/${id}`, screen);
    // The sender chooses these texts, and a terminal obeys control characters.
    const what = `${to.join(', ')}: ${subject}`.replace(/\p{Cc}/gu, ' ');
    screen.write(`Mail for ${what}  ${where}\n`);
  });
}
