import { createReminder } from '../../../../apps/reminder-app/src/reminder.js';
import { issueForPeople } from '../credentials/people.js';
import type { AppConfigs } from './app-configs.js';
import { type AppsContext, reminderConfig, type StartedApps, startReadyTodoApi } from './start-apps.js';
import type { Services } from './start-services.js';

/** The running apps. Another strategy replaces the Todo API, and the Reminder App where it needs another credential. */
export class RunningApps {
  readonly #ended = Promise.withResolvers<never>();
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly apps: StartedApps,
    private configs: AppConfigs,
    private readonly services: Services,
    private readonly context: AppsContext,
  ) {
    // The shutdown waits for a switch first: nothing would close an app that is started later.
    context.shutdown.add('switch', () => this.#underWay);
  }

  /** Rejects with the error that stops the Reminder App, such as a refused credential; never resolves. */
  get ended(): Promise<never> {
    return this.#ended.promise;
  }

  /** The address of the Todo API, and its first strategy. */
  get todoApi() {
    const [strategy = 'jwt'] = this.configs.todoApi.AUTH_STRATEGY;
    return { todoApiUrl: this.apps.todoApi.url, strategy } as const;
  }

  /** Starts the schedule of the Reminder App. */
  watch(): void {
    this.apps.now.reminder?.watch().catch((error: unknown) => this.#ended.reject(error));
  }

  /**
   * Restarts the apps with these settings. Rejects where an app does not start with them; it may then be called again
   * with others. `report` is called at the start of each step.
   */
  use(configs: AppConfigs, report: (step: string) => void): Promise<void> {
    const used = this.#use(configs, report);
    this.#underWay = used.catch(() => undefined);
    return used;
  }

  async #use(configs: AppConfigs, report: (step: string) => void): Promise<void> {
    const { now, devCenterConfig } = this.apps;
    const keepsReminder = now.reminder !== undefined && configs.source === this.configs.source;
    if (!keepsReminder) {
      report('The Reminder App finishes its mail');
      await now.reminder?.close();
      now.reminder = undefined;
    }
    report('The Todo API restarts');
    await now.todoApi?.close();
    now.todoApi = undefined;
    now.todoApi = await startReadyTodoApi(configs.todoApi, this.services, this.context);
    // The Dev Center reads its settings each time it needs them.
    const { AUTH_STRATEGY, JWT_VALIDATION } = configs.devCenter;
    Object.assign(devCenterConfig, { AUTH_STRATEGY, JWT_VALIDATION });
    this.configs = configs;
    if (!keepsReminder) await this.#startReminder(configs, report);
    report('Ada, Bruno and Chiyo get their credentials');
    await this.#issue(configs);
  }

  async #startReminder(configs: AppConfigs, report: (step: string) => void): Promise<void> {
    report('The Reminder App gets its credential');
    const config = await reminderConfig(configs, this.apps.devCenter);
    this.apps.now.reminder = await createReminder(config, { log: this.context.logOf('reminder') });
    await this.apps.now.reminder.serve();
    this.watch();
  }

  /** Access tokens are renewed from their first issue on, whether or not the Todo API accepts them at the moment. */
  async #issue({ todoApi: config }: AppConfigs): Promise<void> {
    const { issuedFor } = this.apps;
    const missing = config.AUTH_STRATEGY.filter((strategy) => !issuedFor.has(strategy));
    const { devCenter, todoApi } = this.apps;
    const { sandbox } = this.services;
    const { logOf, shutdown } = this.context;
    await issueForPeople({
      config: { ...config, AUTH_STRATEGY: missing },
      todoApiUrl: todoApi.url,
      ...{ devCenter, sandbox, shutdown, log: logOf('start') },
    });
    for (const strategy of missing) issuedFor.add(strategy);
  }
}
