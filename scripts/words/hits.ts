import { proseOf } from './prose.js';
import { turns } from './turns.js';

export interface Hit {
  readonly line: number;
  readonly wording: string;
  readonly name: string;
  readonly instead: string;
}

/** A doc comment that opens with "What", which hides whether it describes a value or an action. A question may. */
const opening = {
  name: 'What',
  found: /\/\*\*\s+(?:\*\s+)?What\b(?![^.*]*\?)/g,
  instead: 'a verb, or the noun that is defined',
};

/**
 * Returns the forbidden turns in a file's prose in order, each with its line, its wording and what to write instead.
 */
export function hitsIn(path: string, text: string): Hit[] {
  const prose = proseOf(path, text);
  if (prose === undefined) return [];
  const searches = [...turns.map((turn) => ({ ...turn, within: prose })), { ...opening, within: text }];
  return searches
    .flatMap(({ name, found, instead, within }) =>
      [...within.matchAll(found)].map((match) => ({ name, instead, match })),
    )
    .toSorted((one, other) => one.match.index - other.match.index)
    .map(({ name, instead, match: { index, 0: wording } }) => ({
      line: text.slice(0, index).split('\n').length,
      wording: wording.replaceAll(/\s+/g, ' '),
      name,
      instead,
    }));
}
