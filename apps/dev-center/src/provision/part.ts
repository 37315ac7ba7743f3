import type { FusionAuthControl } from '#gatehouse/fusionauth/control';
import type { FusionAuthContext } from '../context.js';
import type { Wanted } from './wanted.js';

/** One thing that is not as it should be, and that a program can mend. */
export interface Mendable {
  /** What is wrong. */
  readonly text: string;
  /** What has been done about it, once it has. */
  readonly done: string;
  readonly apply: () => Promise<void>;
  /** Made only when nothing else is left. */
  readonly last?: true;
}

/** One thing that is not as it should be. Where no API can mend it, `text` says who can. */
export type Change = Mendable | { readonly text: string; readonly apply?: undefined };

/** A part of the set-up. Later parts may need earlier ones. */
export interface Part {
  readonly name: string;
  /** Compares the part with what is wanted, without changing anything. Throws what FusionAuth throws. */
  readonly look: () => Promise<readonly Change[]>;
}

/** What the parts work with: `control` has the strongest key that FusionAuth accepts. */
export interface SetUp extends Pick<FusionAuthContext, 'config' | 'data'> {
  readonly wanted: Wanted;
  readonly control: FusionAuthControl;
}
