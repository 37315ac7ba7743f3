import { proseOf } from './prose.js';
import { turns } from './turns.js';

export interface Hit {
  readonly line: number;
  readonly wording: string;
  readonly name: string;
  readonly instead: string;
}

/**
 * Returns the forbidden turns in a file's prose in order, each with its line, its wording and what to write instead.
 */
export function hitsIn(path: string, text: string): Hit[] {
  const prose = proseOf(path, text);
  if (prose === undefined) return [];
  return turns
    .flatMap(({ name, found, instead }) =>
      [...prose.matchAll(found)].map((match) => ({ name, instead, match })),
    )
    .toSorted((one, other) => one.match.index - other.match.index)
    .map(({ name, instead, match: { index, 0: wording } }) => ({
      line: text.slice(0, index).split('\n').length,
      wording: wording.replaceAll(/\s+/g, ' '),
      name,
      instead,
    }));
}
