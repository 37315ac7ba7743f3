import { type TokenMinter, tokenMinter } from '../../../issuer/src/token-minter.js';
import { type Behaviour, FusionAuthStandIn } from '../../../measure/src/fusionauth-stand-in.js';
import { type Doors, doorsInProcess } from './doors.js';

/** What experiments share: processes, stand-ins, tokens. All that was started is closed with it, the last first. */
export class Ground {
  readonly minter: TokenMinter = tokenMinter();
  readonly #started = new AsyncDisposableStack();
  readonly #tokens = new Map<string, string[]>();

  constructor(private readonly startDoors: () => Promise<Doors> = doorsInProcess) {}

  /** A process for doors, which lives as long as `work`. */
  async withDoors<T>(work: (doors: Doors) => Promise<T>): Promise<T> {
    const doors = await this.startDoors();
    this.#started.defer(() => doors.close());
    return work(doors).finally(() => doors.close());
  }

  /** A stand-in for FusionAuth that knows nothing and answers at once, so that it never is what is measured. */
  async standIn(behaviour: Behaviour = {}): Promise<FusionAuthStandIn> {
    const standIn = await FusionAuthStandIn.start([this.minter.jwk], behaviour);
    this.#started.defer(() => standIn.close());
    return standIn;
  }

  /** The first `count` tokens of a kind, made where there are too few; the same ones for every experiment. */
  async tokens(kind: string, count: number, mint: () => Promise<string>): Promise<readonly string[]> {
    const tokens = this.#tokens.get(kind) ?? [];
    this.#tokens.set(kind, tokens);
    while (tokens.length < count) {
      const batch = Array.from({ length: Math.min(500, count - tokens.length) }, mint);
      tokens.push(...(await Promise.all(batch)));
    }
    return tokens.slice(0, count);
  }

  close(): Promise<void> {
    return this.#started.disposeAsync();
  }
}
