import { dirname, join } from 'node:path';
import type { Environment } from '#gatehouse/platform';
import type { Me } from '#gatehouse/todo-contract';
import { type DevCenter, startDevCenter } from '../../../apps/dev-center/src/start-dev-center.js';
import type { TodoApi } from '../../../apps/todo-api/src/start-todo-api.js';
import type { Mailbox } from '../../mailbox/src/start-mailbox.js';
import { banner } from './banner.js';
import type { StartConfig } from './config.js';
import { otherClients, people as everybody } from './identities.js';
import { adoptKnownClients } from './known-clients.js';
import { entitleReminder, logIn } from './log-in.js';
import { notYetKnown, type PartConfigs, partConfigs } from './part-configs.js';
import { claimPlaces, placesIn } from './places.js';
import { type Screen, styled } from './progress.js';
import { inWords, secondsBetweenRuns } from './schedule.js';
import { seedPeople } from './seed-todos.js';
import { seedBehindJwt, seedingStep } from './seeding.js';
import { type Apps, startApps, startSurroundings, type Surroundings, type SystemParts } from './system.js';
import { keepTokenFiles } from './token-files.js';
import { issueTrialCredentials, trialFile } from './trial-credentials.js';

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
  const places = await claimPlaces(config);
  const surroundings = await startSurroundings({ ...places, hint: hintOf(config) }, options);
  const configs = partConfigs(
    environmentOf(config, options.environment),
    places,
    surroundings.sandbox.secrets,
  );
  const { todoApi, reminder } = await startAndSeed({ ...options, configs, surroundings });
  await reminder.serve();
  const devCenter = await options.progress.step('Dev Center', () =>
    startWithClients(configs, todoApi, options),
  );
  const metrics = todoApi.metricsUrl;
  const devCenterUrl = devCenter.url;
  screen.write(bannerOf({ config, configs, surroundings, metrics, devCenterUrl, ...options }));
  tellArrivals(surroundings.mailbox, screen);
  await reminder.watch();
  // A schedule may come to its end; everything else goes on.
  await new Promise(() => undefined);
}

/** In this process, since it alone can use an embedded database. */
async function startWithClients(
  { devCenter }: PartConfigs,
  { database }: TodoApi,
  { logOf, shutdown }: RunOptions,
): Promise<DevCenter> {
  const started = await startDevCenter(devCenter, { database, log: logOf('dev-center') });
  shutdown.add('dev-center', () => started.close());
  await adoptKnownClients(started.context);
  return started;
}

interface Wired extends RunOptions {
  readonly configs: PartConfigs;
  readonly surroundings: Surroundings;
}

interface Seeded extends Apps {
  /** Who the people are to the Todo API, by name. */
  readonly people: Readonly<Record<string, Me>>;
}

/** The apps with everything they need in order to work: todos to remind of, and a credential for everybody. */
async function startAndSeed(wired: Wired): Promise<Apps> {
  const { configs, progress } = wired;
  const strategies = configs.todoApi.AUTH_STRATEGY;
  const seeded = strategies.includes('jwt') ? await startThenSeed(wired) : await seedThenStart(wired);
  if (strategies.some((name) => name !== 'jwt')) {
    const ada = seeded.people['ada'] as Me;
    await progress.step('credentials of Ada to try it with', () =>
      issueTrialCredentials({ ...wired, todoApi: seeded.todoApi, ada }),
    );
  }
  return seeded;
}

async function startThenSeed(wired: Wired): Promise<Seeded> {
  const { configs, surroundings, progress, logOf, shutdown } = wired;
  // The apps lock their data directories, so nothing of another running system is replaced below.
  const apps = await wired.trouble.bearWith(() => startApps(configs, wired));
  const files = await progress.step('log-ins of people and clients', async () => {
    await entitleReminder(surroundings, configs, apps.todoApi);
    return keepTokenFiles({
      directory: dirname(trialFile('jwt', configs.todoApi.DATA_DIR)),
      identities: [...everybody, ...otherClients],
      logIn: (identity) => logIn(surroundings, configs, identity),
      log: logOf('start'),
    });
  });
  shutdown.add('token files', () => Promise.resolve(files.stop()));
  const people = await progress.step(seedingStep, () =>
    seedPeople(configs.reminder.TODO_API_URL, files.tokens),
  );
  return { ...apps, people };
}

async function seedThenStart(wired: Wired): Promise<Seeded> {
  const { configs, surroundings, progress, trouble } = wired;
  const people = await progress.step(seedingStep, () =>
    trouble.bearWith(() => seedBehindJwt(configs, surroundings, wired)),
  );
  const apps = await trouble.bearWith(() => startApps(configs, wired));
  await entitleReminder(surroundings, configs, apps.todoApi);
  return { ...apps, people };
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
  readonly devCenterUrl: string;
}

function bannerOf(running: Running): string {
  const { config, configs, surroundings, metrics, devCenterUrl, logFile, screen } = running;
  const { todoApi, reminder } = configs;
  const { mailbox, sandbox } = surroundings;
  const facts = {
    urls: {
      todoApi: reminder.TODO_API_URL,
      devCenter: devCenterUrl,
      sandbox: sandbox.url,
      mailbox: mailbox.pageUrl,
      smtp: mailbox.smtpUrl,
      unsubscribe: reminder.UNSUBSCRIBE_URL,
      metrics,
    },
    strategies: todoApi.AUTH_STRATEGY,
    jwtValidation: todoApi.JWT_VALIDATION,
    source: reminder.CREDENTIAL_SOURCE,
    database: todoApi.DATABASE_URL ? 'the server behind DATABASE_URL' : `embedded in ${todoApi.DATA_DIR}`,
    logFile,
    dataDir: todoApi.DATA_DIR,
    tokenNames: [...everybody, ...otherClients].map(({ name }) => name),
    logIns: everybody.map(({ email }) => email),
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
