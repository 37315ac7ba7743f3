import type { HostileKind } from '../corpus/kind.js';
import { validations } from '../target.js';
import type { Family } from './family.js';
import { machineFamily, memberFamilies, twiceFamily } from './members.js';
import { randomOf } from './random.js';
import { signerFamilies } from './signer.js';
import { textFamilies } from './text.js';

const families = [...textFamilies, ...signerFamilies, ...memberFamilies, twiceFamily, machineFamily];

/**
 * Returns `count` mutated tokens, alternating between the families; the same choices for the same seed, with the keys
 * of the run.
 */
export function mutations(seed: number, count: number): readonly HostileKind[] {
  const all: HostileKind[] = [];
  for (let index = 0; index < count; index += families.length)
    all.push(...families.map((family, place) => mutation(family, seed, index + place)));

  return all.slice(0, count);
}

const mutation = ({ draw, name, ...traits }: Family, seed: number, index: number): HostileKind => ({
  ...traits,
  group: 'mutations',
  name: `${name} (${index} of seed ${seed})`,
  route: 'any',
  noticedBy: validations,
  make: (mint) => draw(mint, randomOf(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b))),
});

export const familyNames: readonly string[] = families.map(({ name }) => name);
