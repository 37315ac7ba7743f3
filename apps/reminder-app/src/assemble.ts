import { createSource, type CredentialSource } from '#gatehouse/credentials';
import type { Database } from '#gatehouse/database';
import {
  createMetrics,
  systemClock,
  systemPause,
  type Clock,
  type Logger,
  type Pause,
  type Registry,
  type Secret,
} from '#gatehouse/platform';
import type { Checkpoint } from './run/checkpoint.js';
import type { ReminderConfig } from './config.js';
import { Ledger } from './ledger/ledger.js';
import { domainOf } from './mail/message.js';
import { openMailer } from './mail/open-mailer.js';
import { PlanningRepository } from './ledger/planning.repository.js';
import { reminderMetrics, type ReminderMetrics } from './reminder-metrics.js';
import { noProgress, type RunProgress } from './run/run-progress.js';
import type { RunParts } from './run/run.js';
import { SharedRefreshToken } from './shared-refresh-token.repository.js';
import { databaseClock } from './storage.js';
import { TodoClient } from './todos/todo-client.js';
import { UnsubscribeLinks } from './unsubscribe/unsubscribe-link.js';

export interface ReminderOptions {
  readonly log: Logger;
  /** In place of the database's clock, which workers share, and of the system's. */
  readonly clock?: Clock;
  readonly pause?: Pause;
  /** Called at every crash point of a run. */
  readonly checkpoint?: Checkpoint;
  /** A freshly initialised data directory to start a new embedded database from. */
  readonly template?: string;
  /** A secret as its file holds it now; undefined when it is not configured by a file. */
  readonly reread?: (name: string) => Promise<Secret | undefined>;
  /** Where the metrics are kept. */
  readonly metrics?: Registry;
  readonly progress?: RunProgress;
}

export interface Assembled {
  readonly parts: RunParts & { readonly todos: TodoClient };
  readonly credentials: CredentialSource;
  readonly links: UnsubscribeLinks;
  readonly metrics: ReminderMetrics;
}

/** Everything a run needs, out of the settings. Throws an ExitError 78 for settings it cannot work with. */
export function assemble(config: ReminderConfig, options: ReminderOptions, database: Database): Assembled {
  const { log, clock, pause = systemPause, checkpoint = () => {}, progress = noProgress } = options;
  const ledger = new Ledger(database.pool);
  const metrics = reminderMetrics(options.metrics ?? createMetrics(), ledger);
  const credentials = sourceOf(config, options, database);
  const mailer = openMailer(config.SMTP_URL, config.ALLOW_INSECURE, config.SMTP_TLS_NAME);
  const links = new UnsubscribeLinks(config.UNSUBSCRIBE_URL, config.UNSUBSCRIBE_KEY);
  const from = config.MAIL_FROM;
  const todos = new TodoClient({
    baseUrl: config.TODO_API_URL,
    devCenterUrl: config.DEV_CENTER_URL,
    credentials,
    clock: clock ?? systemClock,
    pause,
    log,
  });
  const parts = {
    planning: new PlanningRepository(database.pool),
    ledger,
    todos,
    mailer,
    message: { from, unsubscribeUrl: (recipient: string) => links.urlFor(recipient) },
    messageIdDomain: domainOf(from),
    now: clock ? () => Promise.resolve(clock()) : databaseClock(database),
    pause,
    log,
    checkpoint,
    progress,
    onSent: () => metrics.sent.inc(),
    windowHours: config.REMINDER_WINDOW_HOURS,
    minGapHours: config.REMINDER_MIN_GAP_HOURS,
    recovery: {
      idempotent: mailer.idempotent,
      onUnknown: config.ON_UNKNOWN,
      alone: database.kind === 'embedded',
    },
  };
  return { parts, credentials, links, metrics };
}

function sourceOf(config: ReminderConfig, options: ReminderOptions, database: Database): CredentialSource {
  const { log, clock = systemClock, checkpoint, pause, reread } = options;
  return createSource(config, {
    issuerUrl: config.FUSIONAUTH_URL,
    devCenterUrl: config.DEV_CENTER_URL,
    clock,
    pause,
    log,
    reread,
    afterTokenWrite: () => checkpoint?.('after-token-write'),
    sharedStore:
      database.kind === 'server'
        ? (readSeed) => new SharedRefreshToken(database.pool, config.CREDENTIAL_SOURCE, readSeed, log)
        : undefined,
  });
}
