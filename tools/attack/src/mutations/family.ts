import type { HostileKind } from '../corpus/kind.js';
import type { Presented } from '../corpus/make.js';
import type { Mint } from '../corpus/mint.js';
import type { Random } from './random.js';

/** One way to spoil a good token; every draw of it must be refused, and `draw` makes sure that it differs in that way. */
export interface Family extends Pick<HostileKind, 'name' | 'why' | 'ids' | 'owed' | 'refusal'> {
  readonly draw: (mint: Mint, random: Random) => Presented;
}

/** A token with a note of what was done to it. */
export const noted = (note: string, token: string): Presented => ({
  headers: [['Authorization', `Bearer ${token}`]],
  note,
});

/** Draws until the draw differs from what it came from. */
export function differing<T>(draw: () => T, differs: (drawn: T) => boolean): T {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const drawn = draw();
    if (differs(drawn)) return drawn;
  }
  throw new Error('A thousand draws made no difference: the family is wrong.');
}

/** A good token of one of the shapes in use. */
export function goodToken(mint: Mint, random: Random): string {
  const key = random.pick([mint.keys.good.es256, mint.keys.good.es256, mint.keys.good.rs256]);
  const machine = mint.target.entityId !== undefined && random.below(4) === 0;
  return machine ? mint.machine({}, key) : mint.token({}, {}, key);
}
