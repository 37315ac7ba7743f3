import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { createSource, type CredentialSource } from '#gatehouse/credentials';
import type { Database } from '#gatehouse/database';
import {
  type Clock,
  closePart,
  createMetrics,
  type Pause,
  type Registry,
  type Secret,
  systemClock,
  systemPause,
} from '#gatehouse/platform';
import type { ReminderConfig } from './config.js';
import { Ledger } from './ledger/ledger.js';
import { PlanningRepository } from './ledger/planning.repository.js';
import { databaseClock, type StorageOptions } from './ledger/storage.js';
import { CONFIG, DATABASE, OPTIONS, StorageModule } from './ledger/storage.module.js';
import type { Mailer } from './mail/mailer.js';
import { domainOf } from './mail/message.js';
import { openMailer } from './mail/open-mailer.js';
import { warnOfOldTimeZones } from './mail/time-zone-data.js';
import type { Checkpoint } from './run/checkpoint.js';
import { ReminderMetrics } from './run/reminder-metrics.js';
import { noProgress, type RunProgress } from './run/run-progress.js';
import { Runner } from './run/runner.js';
import { ScheduledWorker } from './schedule/scheduled-worker.js';
import { TickRepository } from './schedule/tick.repository.js';
import { SharedRefreshToken } from './todos/shared-refresh-token.repository.js';
import { TodoClient } from './todos/todo-client.js';
import { UnsubscribeModule } from './unsubscribe/unsubscribe.module.js';
import { UnsubscribeLinks } from './unsubscribe/unsubscribe-link.js';

export interface ReminderOptions extends StorageOptions {
  /** Replaces the database's clock, which workers share, and the system's. */
  readonly clock?: Clock;
  readonly pause?: Pause;
  /** Called at every crash point of a run. */
  readonly checkpoint?: Checkpoint;
  /** Reads a secret from its file again; undefined if it is not configured by a file. */
  readonly reread?: (name: string) => Promise<Secret | undefined>;
  /** The registry of its metrics. */
  readonly metrics?: Registry;
  readonly progress?: RunProgress;
}

const CREDENTIALS = Symbol('credential source');
export const MAILER = Symbol('mailer');

/**
 * The module of `once` and `watch`. It closes in the order of Nest's hooks: no new work is begun and the page closes;
 * the mail in progress is finished and connections are closed; the database closes (`storage.module.ts`).
 */
@Module({
  imports: [UnsubscribeModule],
  providers: [
    { provide: CREDENTIALS, inject: [CONFIG, OPTIONS, DATABASE], useFactory: credentialSource },
    {
      provide: TodoClient,
      inject: [CONFIG, OPTIONS, CREDENTIALS],
      useFactory: (
        { TODO_API_URL: baseUrl, DEV_CENTER_URL: devCenterUrl }: ReminderConfig,
        { log, clock = systemClock, pause = systemPause }: ReminderOptions,
        credentials: CredentialSource,
      ) => new TodoClient({ baseUrl, devCenterUrl, credentials, clock, pause, log }),
    },
    {
      provide: MAILER,
      inject: [CONFIG],
      useFactory: ({ SMTP_URL, ALLOW_INSECURE, SMTP_TLS_NAME }: ReminderConfig) =>
        openMailer(SMTP_URL, ALLOW_INSECURE, SMTP_TLS_NAME),
    },
    { provide: Ledger, inject: [DATABASE], useFactory: ({ pool }: Database) => new Ledger(pool) },
    {
      provide: ReminderMetrics,
      inject: [OPTIONS, Ledger],
      useFactory: ({ metrics = createMetrics() }: ReminderOptions, ledger: Ledger) =>
        new ReminderMetrics(metrics, ledger),
    },
    {
      provide: Runner,
      inject: [
        CONFIG,
        OPTIONS,
        DATABASE,
        CREDENTIALS,
        TodoClient,
        MAILER,
        Ledger,
        ReminderMetrics,
        UnsubscribeLinks,
      ],
      useFactory: createRunner,
    },
    {
      provide: ScheduledWorker,
      inject: [Runner, DATABASE, CREDENTIALS, ReminderMetrics, OPTIONS],
      useFactory: (
        runner: Runner,
        { pool, kind }: Database,
        credentials: CredentialSource,
        metrics: ReminderMetrics,
        { log }: ReminderOptions,
      ) =>
        new ScheduledWorker(runner, new TickRepository(pool, kind === 'embedded'), credentials, metrics, log),
    },
  ],
})
export class ReminderModule implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  static forRoot(config: ReminderConfig, options: ReminderOptions): DynamicModule {
    return { module: ReminderModule, imports: [StorageModule.forRoot(config, options)] };
  }

  constructor(
    private readonly runner: Runner,
    private readonly worker: ScheduledWorker,
    private readonly todos: TodoClient,
    @Inject(CREDENTIALS) private readonly credentials: CredentialSource,
    @Inject(OPTIONS) private readonly options: ReminderOptions,
  ) {}

  onModuleInit(): Promise<void> {
    return warnOfOldTimeZones(this.options.log);
  }

  onModuleDestroy(): void {
    this.runner.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.runner.idle(), this.worker.ended()]);
    await closePart(this.options.log, 'credentials', () => this.credentials.close());
    await closePart(this.options.log, 'todos', () => this.todos.close());
  }
}

/** Creates the credential source of CREDENTIAL_SOURCE; workers that share a database also share its refresh token. */
function credentialSource(
  config: ReminderConfig,
  { log, clock = systemClock, checkpoint, pause, reread }: ReminderOptions,
  { kind, pool }: Database,
): CredentialSource {
  return createSource(config, {
    issuerUrl: config.FUSIONAUTH_URL,
    devCenterUrl: config.DEV_CENTER_URL,
    clock,
    pause,
    log,
    reread,
    afterTokenWrite: () => checkpoint?.('after-token-write'),
    sharedStore:
      kind === 'server'
        ? (readSeed) => new SharedRefreshToken(pool, config.CREDENTIAL_SOURCE, readSeed, log)
        : undefined,
  });
}

function createRunner(
  config: ReminderConfig,
  { log, clock, pause = systemPause, checkpoint = () => {}, progress = noProgress }: ReminderOptions,
  database: Database,
  credentials: CredentialSource,
  todos: TodoClient,
  mailer: Mailer,
  ledger: Ledger,
  metrics: ReminderMetrics,
  links: UnsubscribeLinks,
): Runner {
  const alone = database.kind === 'embedded';
  return new Runner({
    database,
    credentials,
    todos,
    mailer,
    ledger,
    metrics,
    planning: new PlanningRepository(database.pool),
    message: {
      from: config.MAIL_FROM,
      todoPage: config.TODO_PAGE_URL,
      unsubscribeUrl: (recipient) => links.urlFor(recipient),
    },
    messageIdDomain: domainOf(config.MAIL_FROM),
    now: clock ? () => Promise.resolve(clock()) : databaseClock(database),
    pause,
    log,
    checkpoint,
    progress,
    onSent: () => metrics.sent.inc(),
    heartbeatUrl: config.HEARTBEAT_URL,
    windowHours: config.REMINDER_WINDOW_HOURS,
    minGapHours: config.REMINDER_MIN_GAP_HOURS,
    recovery: { idempotent: mailer.idempotent, onUnknown: config.ON_UNKNOWN, alone },
  });
}
