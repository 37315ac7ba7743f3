import type { Awaitable } from './awaitable.js';
import type { Verdict } from './strategy.js';

/** Who presents a credential, as far as the layers treat one differently from another. */
export interface Caller {
  /** Names the credential; a hash of it. */
  readonly id: string;
  readonly address: string;
  /** The credential was accepted before and not refused since: no flood of strangers may hold it up. */
  readonly known: boolean;
}

/** A verification with the layers around it. */
export type Check<C> = (credential: C, caller: Caller) => Awaitable<Verdict>;
