import { dirname, join } from 'node:path';
import type { Environment } from '#gatehouse/platform';
import type { Me } from '#gatehouse/todo-contract';
import { banner } from './banner.js';
import type { StartConfig } from './config.js';
import { otherClients, people } from './identities.js';
import { entitleReminder, logIn } from './log-in.js';
import type { Mailbox } from './mailbox/start-mailbox.js';
import { notYetKnown, partConfigs, type PartConfigs } from './part-configs.js';
import { claimPlaces, placesIn } from './places.js';
import { styled, type Screen } from './progress.js';
import { inWords, secondsBetweenRuns } from './schedule.js';
import { seedPeople } from './seed-todos.js';
import { seedBehindJwt, seedingStep } from './seeding.js';
import { startApps, startSurroundings, type Apps, type Surroundings, type SystemParts } from './system.js';
import { keepTokenFiles } from './token-files.js';
import { issueTrialCredentials, trialFiles } from './trial-credentials.js';

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
  const { screen } = options;
  checkParts(config, options.environment);
  const places = await claimPlaces(config);
  const surroundings = await startSurroundings({ ...places, hint: hintOf(config) }, options);
  const configs = partConfigs(
    environmentOf(config, options.environment),
    places,
    surroundings.sandbox.secrets,
  );
  const { todoApi, reminder } = await startAndSeed({ ...options, configs, surroundings });
  const metrics = todoApi.metricsUrl;
  screen.write(bannerOf({ config, configs, surroundings, metrics, ...options }));
  tellArrivals(surroundings.mailbox, screen);
  await reminder.watch();
  // A schedule may come to its end; everything else goes on.
  await new Promise(() => undefined);
}

interface Wired extends RunOptions {
  readonly configs: PartConfigs;
  readonly surroundings: Surroundings;
}

/** The apps with everything they need in order to work: todos to remind of, and a credential for everybody. */
async function startAndSeed(wired: Wired): Promise<Apps> {
  const { configs, surroundings, progress, trouble } = wired;
  const acceptsTokens = configs.todoApi.AUTH_STRATEGY.includes('jwt');
  const seeded = acceptsTokens
    ? undefined
    : await progress.step(seedingStep, () =>
        trouble.bearWith(() => seedBehindJwt(configs, surroundings, wired)),
      );
  // The apps lock their data directories, so nothing of another running system is replaced below.
  const apps = await trouble.bearWith(() => startApps(configs, wired));
  const me = seeded ?? (await seedByTokens(wired));
  await progress.step('credentials of the Reminder App and of Ada', async () => {
    await entitleReminder(surroundings, configs, apps.todoApi);
    await issueTrialCredentials({ surroundings, configs, todoApi: apps.todoApi, ada: me['ada'] as Me });
  });
  return apps;
}

async function seedByTokens(wired: Wired): Promise<Readonly<Record<string, Me>>> {
  const { configs, surroundings, progress, logOf, shutdown } = wired;
  const files = await progress.step('log-ins of people and clients', () =>
    keepTokenFiles({
      directory: dirname(trialFiles(configs.todoApi.DATA_DIR).jwt),
      identities: [...people, ...otherClients],
      logIn: (identity) => logIn(surroundings, configs, identity),
      log: logOf('start'),
    }),
  );
  shutdown.add('token files', () => Promise.resolve(files.stop()));
  return progress.step(seedingStep, () => seedPeople(configs.reminder.TODO_API_URL, files.tokens));
}

/** Throws one ConfigurationError with what is wrong in the settings of the parts. */
export function checkParts(config: StartConfig, environment: Environment): void {
  partConfigs(environmentOf(config, environment), placesIn(config), notYetKnown);
}

const environmentOf = ({ REMINDER_SCHEDULE }: StartConfig, environment: Environment): Environment => ({
  ...environment,
  REMINDER_SCHEDULE,
});

function hintOf({ REMINDER_SCHEDULE }: StartConfig): string {
  const seconds = secondsBetweenRuns(REMINDER_SCHEDULE);
  return (
    `The Reminder App looks for todos due within a day${seconds === undefined ? '' : ` every ${inWords(seconds)}`}. ` +
    'Create one with the curl that npm start printed in the terminal, and its reminder arrives here.'
  );
}

interface Running extends Wired {
  readonly config: StartConfig;
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
    strategies: todoApi.AUTH_STRATEGY,
    jwtValidation: todoApi.JWT_VALIDATION,
    source: reminder.CREDENTIAL_SOURCE,
    database: todoApi.DATABASE_URL ? 'the server behind DATABASE_URL' : `embedded in ${todoApi.DATA_DIR}`,
    logFile,
    credentialFiles: trialFiles(todoApi.DATA_DIR),
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
