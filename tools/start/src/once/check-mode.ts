import { join } from 'node:path';
import { Shutdown } from '#gatehouse/platform';
import type { StartConfig } from '../config.js';
import { people } from '../identities.js';
import { Progress } from '../output/progress.js';
import { type AppConfigs, appConfigs } from '../system/app-configs.js';
import { openTodoDatabase, startApps, type StartedApps } from '../system/start-apps.js';
import type { Services, SystemContext } from '../system/start-services.js';
import type { Mode } from './modes.js';

/** One row of the round's result; scripts read it as JSON. */
export interface Row {
  readonly mode: string;
  readonly source: string;
  /** The number of due todos that the first run of the Reminder App found. */
  readonly todosFound: number;
  /** The number of mails that reached the mail server during the first run. */
  readonly mailsArrived: number;
  /** The number of mails that reached it during the second run; more than 0 means that a person was reminded twice. */
  readonly secondRunMails: number;
  readonly seconds: number;
  readonly ok: boolean;
  readonly error?: string;
}

type Counts = Pick<Row, 'todosFound' | 'mailsArrived' | 'secondRunMails'>;
export const nothing: Counts = { todosFound: 0, mailsArrived: 0, secondRunMails: 0 };

/** The parts that all modes of a round share. */
export interface Fixture extends SystemContext {
  /** Includes the addresses, which every mode reuses; each mode has a data directory below this one's. */
  readonly config: StartConfig;
  readonly services: Services;
  readonly template: string;
}

/**
 * Runs the whole flow in one mode: credentials, todos, two runs of the Reminder App with a fresh ledger, and a count of
 * the mails.
 */
export async function checkMode(mode: Mode, fixture: Fixture): Promise<Row> {
  const began = performance.now();
  const shutdown = new Shutdown(fixture.logOf('start'));
  const { counts, error } = await fixture.progress
    .step(mode.mode, () => runTwice(mode, { ...fixture, shutdown, progress: silentProgress }))
    .catch((error: unknown) => ({ counts: nothing, error: (error as Error).message }));
  await shutdown.now();
  return {
    mode: mode.mode,
    source: mode.source,
    ...counts,
    seconds: Math.round((performance.now() - began) / 100) / 10,
    ok: error === undefined,
    ...(error === undefined ? {} : { error }),
  };
}

/** The mode is shown as one step, so its own steps are not. */
const silentProgress = new Progress({ write: () => true });

async function runTwice(
  mode: Mode,
  fixture: Fixture,
): Promise<{ counts: Counts; error: string | undefined }> {
  const { services, warnings } = fixture;
  const config = {
    ...fixture.config,
    DATA_DIR: join(fixture.config.DATA_DIR, mode.mode.replaceAll('/', '-')),
  };
  const variables = { ...fixture.environment, ...mode.environment, CREDENTIAL_SOURCE: mode.source };
  const configs = appConfigs(variables, config, services.sandbox.secrets);
  const { reminder } = await warnings.holdDuring(() => startAll(configs, fixture));

  const mails = () => services.mailbox.messages();
  const before = mails().length;
  const first = await reminder.runOnce();
  const afterFirst = mails().length;
  const recipients = mails()
    .slice(0, afterFirst - before)
    .flatMap(({ to }) => to);
  const pushProblem = configs.todoApi.REVOCATION === 'push' ? await announceOnce(services) : undefined;
  const second = await reminder.runOnce();
  const counts = {
    todosFound: first.todosFound,
    mailsArrived: afterFirst - before,
    secondRunMails: mails().length - afterFirst,
  };
  return { counts, error: complaint(counts, recipients, second.failed + second.held) ?? pushProblem };
}

async function startAll(configs: AppConfigs, fixture: Fixture): Promise<StartedApps> {
  const database = await openTodoDatabase(configs.todoApi, fixture, fixture.template);
  return startApps(configs, fixture.services, { ...fixture, database });
}

/**
 * Makes the sandbox send a webhook that announces a new signing key. Resolves with the problem of the answer, or
 * undefined.
 */
async function announceOnce({ sandbox }: Services): Promise<string | undefined> {
  await sandbox.rotateKey();
  await sandbox.webhooks.settled();
  const status = sandbox.webhooks.deliveries().at(-1)?.status;
  return status === 200 ? undefined : `the Todo API answered a webhook with ${status ?? 'nothing'}`;
}

/** Returns the problem of a round, or undefined: every person with a due todo must get one mail, and only once. */
export function complaint(counts: Counts, recipients: readonly string[], unsent: number): string | undefined {
  const missing = people.filter(({ email }) => !recipients.includes(email)).map(({ email }) => email);
  const complaints = [
    counts.todosFound === 0 && 'the Reminder App found no due todos',
    missing.length > 0 && `no mail arrived for ${missing.join(', ')}`,
    recipients.length > people.length && `${recipients.length} mails arrived for ${people.length} people`,
    unsent > 0 && `${unsent} mails failed or are held`,
    counts.secondRunMails > 0 && `the second run sent ${counts.secondRunMails} mails again`,
  ].filter((text) => text !== false);
  return complaints.length === 0 ? undefined : complaints.join('; ');
}
