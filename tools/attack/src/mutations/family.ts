import { type HostileKind, unauthorized } from '../corpus/kind.js';
import type { Presented } from '../corpus/make.js';
import type { Mint } from '../corpus/mint.js';
import type { Random } from './random.js';

/** One way to mutate a valid token. Every draw must be refused, and `draw` ensures that it differs in that way. */
export interface Family extends Pick<HostileKind, 'name' | 'why' | 'ids' | 'owed' | 'refusal'> {
  readonly draw: (mint: Mint, random: Random) => Presented;
}

export type FamilyTraits = Pick<Family, 'why' | 'ids' | 'owed'> & Partial<Pick<Family, 'refusal'>>;

/** Builds a family whose tokens get 401 from our guard, unless the traits say otherwise. */
export const family = (name: string, traits: FamilyTraits, draw: Family['draw']): Family => ({
  name,
  refusal: unauthorized,
  ...traits,
  draw,
});

/** Presents a token with a note of the change. */
export const noted = (note: string, token: string): Presented => ({
  headers: [['Authorization', `Bearer ${token}`]],
  note,
});

/** Draws until the draw differs from the original. */
export function differing<T>(draw: () => T, differs: (drawn: T) => boolean): T {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const drawn = draw();
    if (differs(drawn)) return drawn;
  }
  throw new Error('A thousand draws made no difference: the family is wrong.');
}

/** Returns a valid token in one of the usual forms. */
export function goodToken(mint: Mint, random: Random): string {
  const key = random.pick([mint.keys.good.es256, mint.keys.good.es256, mint.keys.good.rs256]);
  const machine = mint.target.entityId !== undefined && random.below(4) === 0;
  return machine ? mint.machine({}, key) : mint.token({}, {}, key);
}
