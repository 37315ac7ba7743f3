import { FusionAuthDeclined, FusionAuthRefusedUs } from '#gatehouse/fusionauth';

/** One thing that is not as it should be, and that a program can make so. */
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

/** What a look at one part of FusionAuth showed. */
export type Seen =
  | { readonly kind: 'seen'; readonly changes: readonly Change[] }
  /** The key may not look. */
  | { readonly kind: 'hidden'; readonly permission: string }
  /** The plan of this FusionAuth does not include it. */
  | { readonly kind: 'unlicensed' };

/** A part of the set-up. The later ones may need the earlier ones. */
export interface Part {
  readonly name: string;
  readonly look: () => Promise<readonly Change[]>;
}

/** Looks without changing anything. Throws what FusionAuth throws, but for what says something about the part. */
export async function see({ look }: Part): Promise<Seen> {
  try {
    return { kind: 'seen', changes: await look() };
  } catch (error) {
    if (error instanceof FusionAuthRefusedUs) return { kind: 'hidden', permission: error.operation };
    if (error instanceof FusionAuthDeclined && error.notLicensed) return { kind: 'unlicensed' };
    throw error;
  }
}
