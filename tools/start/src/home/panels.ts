import type { Environment, Logger } from '#gatehouse/platform';
import type { StartConfig } from '../config.js';
import { inWords, secondsBetweenRuns } from '../output/schedule.js';
import { Traces } from '../requests/traces.js';
import type { AppConfigs } from '../system/app-configs.js';
import type { RunningApps } from '../system/running-apps.js';
import type { Services } from '../system/start-services.js';
import { createTodoForAda } from './ada.js';
import { choicesOf } from './choices.js';
import { Home, type HomeParts } from './home.js';
import { Switching } from './switching.js';

interface PanelsParts {
  readonly config: StartConfig;
  readonly services: Services;
  readonly configsOf: (environment: Environment) => AppConfigs;
  readonly environment: Environment;
  readonly log: Logger;
}

/** The panels that `npm start` adds to the Dev Center's home page. They appear once everything runs. */
export class Panels {
  readonly traces: Traces;
  readonly addition = new Home(() => this.#parts).addition;
  #parts: HomeParts | undefined;

  constructor(private readonly given: PanelsParts) {
    this.traces = new Traces(given.config.TODO_API_PORT);
  }

  open(apps: RunningApps): void {
    const { configsOf, environment, services, log } = this.given;
    const choices = choicesOf(environment, configsOf);
    const switching = new Switching({
      choices,
      apps,
      log,
      configsOf: (choice) => configsOf(choice.environment),
    });
    const createTodo = () => this.#createTodo(apps);
    this.#parts = {
      choices,
      switching,
      traces: this.traces,
      mailboxUrl: services.mailbox.pageUrl,
      createTodo,
    };
  }

  close(): void {
    this.traces.close();
  }

  async #createTodo(apps: RunningApps): Promise<string> {
    const { DATA_DIR: dataDir, REMINDER_SCHEDULE } = this.given.config;
    const dueAt = await createTodoForAda({ dataDir, ...apps.todoApi });
    const seconds = secondsBetweenRuns(REMINDER_SCHEDULE);
    const when = seconds === undefined ? 'at the next run of the Reminder App' : `within ${inWords(seconds)}`;
    return `“Buy oat milk” is due at ${dueAt.toISOString().slice(11, 16)} UTC. Ada's reminder arrives ${when}.`;
  }
}
