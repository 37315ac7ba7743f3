import { join } from 'node:path';
import { applicationId, issuer, tenantId, type TokenMinter } from '../../issuer/src/token-minter.js';
import { type Child, startChild } from '../../measure/src/child.js';
import { type Behaviour, FusionAuthStandIn } from '../../measure/src/fusionauth-stand-in.js';
import type { GoalId } from './goals.js';
import type { Outcome } from './outcome.js';

/** One or several goals that are measured together. */
export interface Experiment {
  readonly goals: readonly GoalId[];
  /** A description for the progress output. */
  readonly about: string;
  /** The expensive part, where `--quick` skips the experiment because of it. */
  readonly tooLong?: string;
  /** Returns the number of tokens it needs; they are minted on every core before the processes are pinned. */
  tokens?(wanted: readonly GoalId[], quick: boolean): number;
  run(bench: Bench, wanted: readonly GoalId[]): Promise<Outcomes>;
}

export type Outcomes = Partial<Record<GoalId, Outcome>>;

/** The identifiers of the issuer, in the form that targets take. */
export const identity = { tenantId, applicationId, issuer };

/**
 * The resources that experiments share: the extent of the run and the issuer's tokens. Closes what each of them
 * started.
 */
export class Bench {
  readonly #tokens: string[] = [];
  #started = new AsyncDisposableStack();

  constructor(
    readonly quick: boolean,
    readonly minter: TokenMinter,
    /** Reports progress. */
    readonly note: (text: string) => void,
  ) {}

  /** Returns the first `count` tokens of the run, each of another user; the same ones for every experiment. */
  async tokens(count: number): Promise<readonly string[]> {
    while (this.#tokens.length < count) {
      const batch = Array.from({ length: Math.min(3_000, count - this.#tokens.length) }, () =>
        this.minter.mint(),
      );
      this.#tokens.push(...(await Promise.all(batch)));
      this.note(`${this.#tokens.length} of ${count} tokens minted`);
    }
    return this.#tokens.slice(0, count);
  }

  /** Registers something to close at the end of the experiment. */
  keep<T extends { close(): Promise<unknown> }>(started: T): T {
    this.#started.defer(() => started.close().then(() => undefined));
    return started;
  }

  /** Closes everything that was started, in reverse order. */
  async closeAll(): Promise<void> {
    const started = this.#started;
    this.#started = new AsyncDisposableStack();
    await started.disposeAsync();
  }

  /** Starts a stand-in for FusionAuth in this process, on the generator's core. */
  async fusionAuth(behaviour: Behaviour = {}): Promise<FusionAuthStandIn> {
    return this.keep(await FusionAuthStandIn.start([this.minter.jwk], behaviour));
  }

  /** Starts a server to be measured, on its own core. */
  async target(file: string, settings: object = {}): Promise<Child> {
    const script = join(import.meta.dirname, 'targets', `${file}.js`);
    return this.keep(await startChild(script, { ...identity, ...settings }));
  }
}
