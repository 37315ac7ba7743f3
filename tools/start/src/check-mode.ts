import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { Shutdown } from '#gatehouse/platform';
import { people } from './identities.js';
import { entitleReminder } from './log-in.js';
import type { Mode } from './modes.js';
import { type PartConfigs, partConfigs } from './part-configs.js';
import type { Places } from './places.js';
import { Progress } from './progress.js';
import { startApps, type Surroundings, type SystemParts } from './system.js';

/** One row of the round's result; scripts read it as JSON. */
export interface Row {
  readonly mode: string;
  readonly source: string;
  /** Due todos that the first run of the Reminder App found. */
  readonly todosFound: number;
  /** Mails that reached the mail server during the first run. */
  readonly mailsArrived: number;
  /** Mails that reached it during the second run; more than 0 means that somebody was reminded twice. */
  readonly secondRunMails: number;
  readonly seconds: number;
  readonly ok: boolean;
  readonly error?: string;
}

type Counts = Pick<Row, 'todosFound' | 'mailsArrived' | 'secondRunMails'>;
const nothing: Counts = { todosFound: 0, mailsArrived: 0, secondRunMails: 0 };

export interface Ground extends SystemParts {
  readonly surroundings: Surroundings;
  readonly places: Places;
  /** The closed data directory of an embedded database with nothing in it; a copy takes a tenth of initialising one. */
  readonly emptyDatabase: string;
}

/**
 * Runs the whole job in one mode, on todos that are there: credential, two runs of the Reminder App with a fresh ledger,
 * mails counted.
 */
export async function checkMode(mode: Mode, ground: Ground): Promise<Row> {
  const began = performance.now();
  const shutdown = new Shutdown(ground.logOf('start'));
  const { counts, error } = await ground.progress
    .step(mode.mode, () => runTwice(mode, { ...ground, shutdown }))
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

/** The mode is a step itself. */
const unseen = new Progress({ write: () => true });

async function runTwice(mode: Mode, ground: Ground): Promise<{ counts: Counts; error: string | undefined }> {
  const configs = configsOf(mode, ground);
  const { mailbox } = ground.surroundings;
  await cp(ground.emptyDatabase, join(configs.reminder.DATA_DIR, 'reminder'), { recursive: true });
  const { todoApi, reminder } = await ground.trouble.bearWith(() =>
    startApps(configs, { ...ground, progress: unseen }),
  );
  await entitleReminder(ground.surroundings, configs, todoApi);

  const before = mailbox.messages().length;
  const first = await reminder.runOnce();
  const afterFirst = mailbox.messages().length;
  const recipients = mailbox
    .messages()
    .slice(0, afterFirst - before)
    .flatMap(({ to }) => to);
  const second = await reminder.runOnce();
  const counts = {
    todosFound: first.todosFound,
    mailsArrived: afterFirst - before,
    secondRunMails: mailbox.messages().length - afterFirst,
  };
  return { counts, error: complaint(counts, recipients, second.failed + second.held) };
}

function configsOf({ mode, source, environment }: Mode, ground: Ground): PartConfigs {
  const places = {
    ...ground.places,
    reminderDataDir: join(ground.places.dataDir, mode.replaceAll('/', '-')),
  };
  const variables = { ...ground.environment, ...environment, CREDENTIAL_SOURCE: source };
  return partConfigs(variables, places, ground.surroundings.sandbox.secrets);
}

/** What is wrong with a round, or nothing: everybody with a due todo is to get one mail, and only once. */
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
