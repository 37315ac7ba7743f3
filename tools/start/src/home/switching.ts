import type { Logger } from '#gatehouse/platform';
import type { AppConfigs } from '../system/app-configs.js';
import type { RunningApps } from '../system/running-apps.js';
import type { Choice } from './choices.js';

/** The home page's message about the last action there. */
export interface Said {
  readonly good: boolean;
  readonly text: string;
}

interface SwitchParts {
  /** The first one is active. */
  readonly choices: readonly [Choice, ...Choice[]];
  readonly configsOf: (choice: Choice) => AppConfigs;
  readonly apps: Pick<RunningApps, 'use'>;
  readonly log: Logger;
}

/** Switches the Todo API's authentication, one switch at a time. */
export class Switching {
  /** The active choice; during a switch, the previous one. */
  current: Choice;
  /** The target of the switch in progress, and its current step. */
  underWay: { readonly to: Choice; step: string } | undefined;
  said: Said | undefined;

  constructor(private readonly parts: SwitchParts) {
    [this.current] = parts.choices;
  }

  choice(id: string): Choice | undefined {
    return this.parts.choices.find((one) => one.id === id);
  }

  /** Starts a switch. Returns false while a different one is in progress, and true for the same one again. */
  begin(to: Choice): boolean {
    if (this.underWay) return this.underWay.to.id === to.id;
    if (to.id === this.current.id) {
      this.said = { good: true, text: `${to.title} is already active.` };
      return true;
    }
    this.said = undefined;
    this.underWay = { to, step: '' };
    void this.#switch(to);
    return true;
  }

  async #switch(to: Choice): Promise<void> {
    const said = await this.#use(to).then(
      (): Said => ({ good: true, text: `${to.title} is active.` }),
      (error: unknown) => this.#goBack(to, error as Error),
    );
    if (said.good) this.current = to;
    this.underWay = undefined;
    this.said = said;
  }

  async #use(choice: Choice): Promise<void> {
    await this.parts.apps.use(this.parts.configsOf(choice), (step) => {
      if (this.underWay) this.underWay.step = step;
    });
  }

  async #goBack(to: Choice, error: Error): Promise<Said> {
    this.parts.log.error({ err: error, choice: to.id }, 'the strategy was not switched');
    const why = `${to.title} could not be activated (${error.message}).`;
    try {
      await this.#use(this.current);
      return { good: false, text: `${why} ${this.current.title} is active again.` };
    } catch (again) {
      this.parts.log.error({ err: again }, 'the strategy of before does not start either');
      return {
        good: false,
        text: `${why} The previous strategy does not start either: run npm start again.`,
      };
    }
  }
}
