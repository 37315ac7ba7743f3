import { applicationId, issuer, tenantId, type TokenMinter } from '../../issuer/src/token-minter.js';
import type { GoalId, Result } from './goals.js';
import { mint } from './issuer.js';
import { type Child, startChild } from './processes/child.js';
import type { Behaviour } from './targets/fusionauth.js';

/** One or several goals that are measured together. */
export interface Experiment {
  readonly goals: readonly GoalId[];
  /** What it does, for the progress. */
  readonly about: string;
  /** What it takes, where that is too much for `--quick`, which then leaves it out. */
  readonly tooLong?: string;
  /** Tokens it needs; minted on every core before the processes are spread. */
  tokens?(wanted: readonly GoalId[], quick: boolean): number;
  run(bench: Bench, wanted: readonly GoalId[]): Promise<readonly Result[]>;
}

/** The identifiers of the issuer, as targets want them. */
export const identity = { tenantId, applicationId, issuer };

/** What experiments share: the extent of the run, the issuer's tokens, the processes. */
export class Bench {
  readonly #tokens: string[] = [];

  constructor(
    readonly quick: boolean,
    readonly minter: TokenMinter,
    /** Tells what is going on. */
    readonly note: (text: string) => void,
  ) {}

  /** The first `count` tokens of the run; the same ones for whoever asks. */
  async tokens(count: number): Promise<readonly string[]> {
    const missing = count - this.#tokens.length;
    if (missing > 0) {
      const onProgress = (minted: number): void => {
        if (minted % 3_000 === 0 || minted === missing) this.note(`${minted} of ${missing} tokens minted`);
      };
      this.#tokens.push(...(await mint(this.minter, missing, { onProgress })));
    }
    return this.#tokens.slice(0, count);
  }

  /** A stand-in for FusionAuth on the generator's core. */
  async fusionAuth(behaviour: Behaviour = {}): Promise<Child> {
    const child = await startChild('fusionauth', identity, { measured: false });
    await child.ask('behave', { keys: [this.minter.jwk], ...behaviour });
    return child;
  }

  /** A server to be measured, on a core of its own. */
  target(file: string, settings: object): Promise<Child> {
    return startChild(file, { ...identity, ...settings }, { measured: true });
  }
}
