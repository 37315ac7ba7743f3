import { createSource, type CredentialSource } from '#gatehouse/credentials';
import type { Database } from '#gatehouse/database';
import {
  type Clock,
  type Pause,
  type Registry,
  type Secret,
  systemClock,
  systemPause,
} from '#gatehouse/platform';
import type { ReminderConfig } from './config.js';
import type { Ledger } from './ledger/ledger.js';
import type { PlanningRepository } from './ledger/planning.repository.js';
import type { Mailer } from './mail/mailer.js';
import { domainOf } from './mail/message.js';
import type { ReminderMetrics } from './reminder-metrics.js';
import type { Checkpoint } from './run/checkpoint.js';
import type { RunParts } from './run/run.js';
import { noProgress, type RunProgress } from './run/run-progress.js';
import { SharedRefreshToken } from './shared-refresh-token.repository.js';
import { databaseClock, type StorageOptions } from './storage.js';
import { TodoClient } from './todos/todo-client.js';
import type { UnsubscribeLinks } from './unsubscribe/unsubscribe-link.js';

export interface ReminderOptions extends StorageOptions {
  /** In place of the database's clock, which workers share, and of the system's. */
  readonly clock?: Clock;
  readonly pause?: Pause;
  /** Called at every crash point of a run. */
  readonly checkpoint?: Checkpoint;
  /** A secret as its file holds it now; undefined when it is not configured by a file. */
  readonly reread?: (name: string) => Promise<Secret | undefined>;
  /** Where the metrics are kept. */
  readonly metrics?: Registry;
  readonly progress?: RunProgress;
}

/** The credential of CREDENTIAL_SOURCE; workers that share a database share its refresh token too. */
export function credentialSource(
  config: ReminderConfig,
  options: ReminderOptions,
  database: Database,
): CredentialSource {
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

export function todoClient(
  config: ReminderConfig,
  { log, clock = systemClock, pause = systemPause }: ReminderOptions,
  credentials: CredentialSource,
): TodoClient {
  const { TODO_API_URL: baseUrl, DEV_CENTER_URL: devCenterUrl } = config;
  return new TodoClient({ baseUrl, devCenterUrl, credentials, clock, pause, log });
}

export interface Assembled {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly planning: PlanningRepository;
  readonly todos: TodoClient;
  readonly mailer: Mailer;
  readonly links: UnsubscribeLinks;
  readonly metrics: ReminderMetrics;
}

/** What a run works with. */
export function runParts(config: ReminderConfig, options: ReminderOptions, assembled: Assembled): RunParts {
  const { log, clock, pause = systemPause, checkpoint = () => {}, progress = noProgress } = options;
  const { database, links, metrics, ...parts } = assembled;
  const from = config.MAIL_FROM;
  return {
    ...parts,
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
      idempotent: parts.mailer.idempotent,
      onUnknown: config.ON_UNKNOWN,
      alone: database.kind === 'embedded',
    },
  };
}
