import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnModuleDestroy,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import type { CredentialSource } from '#gatehouse/credentials';
import type { Database } from '#gatehouse/database';
import { closePart, createMetrics, type Logger } from '#gatehouse/platform';
import { credentialSource, type ReminderOptions, runParts, todoClient } from './assemble.js';
import type { ReminderConfig } from './config.js';
import { Ledger } from './ledger/ledger.js';
import { PlanningRepository } from './ledger/planning.repository.js';
import type { Mailer } from './mail/mailer.js';
import { openMailer } from './mail/open-mailer.js';
import { type ReminderMetrics, reminderMetrics } from './reminder-metrics.js';
import type { RunParts } from './run/run.js';
import { Runner } from './run/runner.js';
import { TickRepository } from './schedule/tick.repository.js';
import { Watchman } from './schedule/watchman.js';
import { CONFIG, DATABASE, LOG, StorageModule } from './storage.module.js';
import { warnOfOldTimeZones } from './time-zone-data.js';
import { TodoClient } from './todos/todo-client.js';
import { UnsubscribeModule } from './unsubscribe/unsubscribe.module.js';
import { UnsubscribeLinks } from './unsubscribe/unsubscribe-link.js';

export const OPTIONS = Symbol('options of the Reminder App');
export const CREDENTIALS = Symbol('credential source');
export const MAILER = Symbol('mailer');
export const METRICS = Symbol('metrics of the Reminder App');
export const RUN_PARTS = Symbol('what a run works with');

/** Where todos come from and mails go to. */
const surroundings: Provider[] = [
  { provide: CREDENTIALS, inject: [CONFIG, OPTIONS, DATABASE], useFactory: credentialSource },
  { provide: TodoClient, inject: [CONFIG, OPTIONS, CREDENTIALS], useFactory: todoClient },
  {
    provide: MAILER,
    inject: [CONFIG],
    useFactory: (config: ReminderConfig) =>
      openMailer(config.SMTP_URL, config.ALLOW_INSECURE, config.SMTP_TLS_NAME),
  },
];

/** What is written in the database. */
const ledger: Provider[] = [
  { provide: Ledger, inject: [DATABASE], useFactory: ({ pool }: Database) => new Ledger(pool) },
  {
    provide: PlanningRepository,
    inject: [DATABASE],
    useFactory: ({ pool }: Database) => new PlanningRepository(pool),
  },
  {
    provide: TickRepository,
    inject: [DATABASE],
    useFactory: ({ pool, kind }: Database) => new TickRepository(pool, kind === 'embedded'),
  },
  {
    provide: METRICS,
    inject: [OPTIONS, Ledger],
    useFactory: ({ metrics = createMetrics() }: ReminderOptions, figures: Ledger) =>
      reminderMetrics(metrics, figures),
  },
];

const runs: Provider[] = [
  {
    provide: RUN_PARTS,
    inject: [
      CONFIG,
      OPTIONS,
      DATABASE,
      Ledger,
      PlanningRepository,
      TodoClient,
      MAILER,
      UnsubscribeLinks,
      METRICS,
    ],
    useFactory: (
      config: ReminderConfig,
      options: ReminderOptions,
      database: Database,
      ledger: Ledger,
      planning: PlanningRepository,
      todos: TodoClient,
      mailer: Mailer,
      links: UnsubscribeLinks,
      metrics: ReminderMetrics,
    ) => runParts(config, options, { database, ledger, planning, todos, mailer, links, metrics }),
  },
  {
    provide: Runner,
    inject: [CONFIG, RUN_PARTS, DATABASE, CREDENTIALS, METRICS],
    useFactory: (
      { HEARTBEAT_URL: heartbeatUrl }: ReminderConfig,
      run: RunParts,
      database: Database,
      credentials: CredentialSource,
      metrics: ReminderMetrics,
    ) => new Runner({ run, database, credentials, metrics, heartbeatUrl }),
  },
  {
    provide: Watchman,
    inject: [Runner, TickRepository, CREDENTIALS, METRICS, LOG],
    useFactory: (
      runner: Runner,
      ticks: TickRepository,
      credentials: CredentialSource,
      metrics: ReminderMetrics,
      log: Logger,
    ) =>
      new Watchman({
        ticks,
        run: (turn) => runner.runTick(turn),
        help: () => runner.help(),
        prepare: () => runner.prepare(),
        authorize: () => credentials.authorization(runner.stopping),
        metrics,
        log,
        stopping: runner.stopping,
      }),
  },
];

/**
 * The app that `once` and `watch` run. It closes in the order of Nest's hooks: nothing more is begun and the page closes;
 * the mail in hand is finished and connections are let go of; the database closes (`storage.module.ts`).
 */
@Module({ imports: [UnsubscribeModule], providers: [...surroundings, ...ledger, ...runs] })
export class ReminderModule implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  static forRoot(config: ReminderConfig, options: ReminderOptions): DynamicModule {
    return {
      module: ReminderModule,
      imports: [StorageModule.forRoot(config, options)],
      providers: [{ provide: OPTIONS, useValue: options }],
    };
  }

  constructor(
    private readonly runner: Runner,
    private readonly watchman: Watchman,
    private readonly todos: TodoClient,
    @Inject(CREDENTIALS) private readonly credentials: CredentialSource,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onModuleInit(): Promise<void> {
    return warnOfOldTimeZones(this.log);
  }

  onModuleDestroy(): void {
    this.runner.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.runner.idle(), this.watchman.ended()]);
    await closePart(this.log, 'credentials', () => this.credentials.close());
    await closePart(this.log, 'todos', () => this.todos.close());
  }
}
