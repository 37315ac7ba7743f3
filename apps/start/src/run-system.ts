import { join } from 'node:path';
import { ConfigurationError, type Environment } from '#gatehouse/platform';
import { banner } from './banner.js';
import type { StartConfig } from './config.js';
import { otherClients, people } from './identities.js';
import { giveReminderItsToken, logIn } from './log-in.js';
import type { Mailbox } from './mailbox/start-mailbox.js';
import { modeProblems } from './modes.js';
import { notYetKnown, partConfigs, type PartConfigs } from './part-configs.js';
import { claimPlaces, placesIn, type Places } from './places.js';
import { styled, type Screen } from './progress.js';
import { inWords, secondsBetweenRuns } from './schedule.js';
import { seedPeople } from './seed-todos.js';
import { startApps, startSurroundings, type Surroundings, type SystemParts } from './system.js';
import { keepTokenFiles, type TokenFiles } from './token-files.js';

export interface RunOptions extends SystemParts {
  /** Where the banner and arrivals are shown. */
  readonly screen: Screen;
  readonly logFile: string;
}

/**
 * The whole system, until `shutdown` closes it. Throws what keeps it from starting, and an ExitError 3 when the
 * Reminder App's credential is refused.
 */
export async function runSystem(config: StartConfig, options: RunOptions): Promise<void> {
  const { progress, screen } = options;
  checkParts(config, options.environment);
  const places = await claimPlaces(config);
  const surroundings = await startSurroundings({ ...places, hint: hintOf(config) }, options);
  const configs = partConfigs(
    environmentOf(config, options.environment),
    places,
    surroundings.sandbox.secrets,
  );
  // The apps lock their data directories, so nothing of another running system is replaced below.
  const { todoApi, reminder } = await options.trouble.bearWith(() => startApps(configs, options));
  const { tokens } = await progress.step('log-ins of people and clients', () =>
    logEverybodyIn(places, configs, surroundings, options),
  );
  await progress.step('todos of Ada, Bruno and Chiyo', () =>
    seedPeople(configs.reminder.TODO_API_URL, tokens),
  );
  const metrics = todoApi.metricsUrl;
  screen.write(bannerOf({ config, configs, surroundings, metrics, ...options }));
  tellArrivals(surroundings.mailbox, screen);
  await reminder.watch();
  // A schedule may come to its end; everything else goes on.
  await new Promise(() => undefined);
}

/** Throws one ConfigurationError with what is wrong in the settings of the parts. */
export function checkParts(config: StartConfig, environment: Environment): void {
  const { todoApi } = partConfigs(environmentOf(config, environment), placesIn(config), notYetKnown);
  const problems = modeProblems(todoApi);
  if (problems.length > 0) throw new ConfigurationError(problems);
}

const environmentOf = ({ REMINDER_SCHEDULE }: StartConfig, environment: Environment): Environment => ({
  ...environment,
  REMINDER_SCHEDULE,
});

const tokensIn = (dataDir: string): string => join(dataDir, 'start', 'tokens');

async function logEverybodyIn(
  { dataDir }: Places,
  configs: PartConfigs,
  surroundings: Surroundings,
  { shutdown, logOf }: RunOptions,
): Promise<TokenFiles> {
  await giveReminderItsToken(surroundings, configs);
  const files = await keepTokenFiles({
    directory: tokensIn(dataDir),
    identities: [...people, ...otherClients],
    logIn: (identity) => logIn(surroundings, configs, identity),
    log: logOf('start'),
  });
  shutdown.add('token files', () => Promise.resolve(files.stop()));
  return files;
}

function hintOf({ REMINDER_SCHEDULE }: StartConfig): string {
  const seconds = secondsBetweenRuns(REMINDER_SCHEDULE);
  return (
    `The Reminder App looks for todos due within a day${seconds === undefined ? '' : ` every ${inWords(seconds)}`}. ` +
    'Create one with the curl that npm start printed in the terminal, and its reminder arrives here.'
  );
}

interface Running extends RunOptions {
  readonly config: StartConfig;
  readonly configs: PartConfigs;
  readonly surroundings: Surroundings;
  readonly metrics: string;
}

function bannerOf({ config, configs, surroundings, metrics, logFile, screen }: Running): string {
  const { todoApi, reminder } = configs;
  const { mailbox, sandbox } = surroundings;
  const facts = {
    urls: {
      todoApi: reminder.TODO_API_URL,
      sandbox: sandbox.url,
      mailbox: mailbox.pageUrl,
      smtp: mailbox.smtpUrl,
      metrics,
    },
    strategy: { AUTH_STRATEGY: todoApi.AUTH_STRATEGY.join(','), JWT_VALIDATION: todoApi.JWT_VALIDATION },
    database: todoApi.DATABASE_URL ? 'the server behind DATABASE_URL' : `embedded in ${todoApi.DATA_DIR}`,
    logFile,
    tokenDirectory: tokensIn(todoApi.DATA_DIR),
    tokenNames: [...people, ...otherClients].map(({ name }) => name),
    logIns: people.map(({ email }) => email),
    passwordFile: join(todoApi.DATA_DIR, 'sandbox', 'secrets.env'),
    reminderSeconds: secondsBetweenRuns(config.REMINDER_SCHEDULE),
    mailTo: 'ada@example.com',
  };
  return banner(facts, screen);
}

/** One line a mail, so that whoever watches the terminal sees the Reminder at work. */
function tellArrivals(mailbox: Mailbox, screen: Screen): void {
  mailbox.onMail(({ id, to, subject }) => {
    const where = styled('dim', `${mailbox.pageUrl}/mails/${id}`, screen);
    // Whoever sends chooses these texts; a terminal obeys control characters.
    const what = `${to.join(', ')}: ${subject}`.replace(/\p{Cc}/gu, ' ');
    screen.write(`Mail for ${what}  ${where}\n`);
  });
}
