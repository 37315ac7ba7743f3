import type { z } from 'zod';
import type { Environment } from './config.js';
import { aboutSetting } from './setting.js';

/**
 * Returns a sentence, without any value, for each variable of the environment that is not a setting of `schemas` but
 * resembles the name of one that is unset. Many programs share an environment, so short names, which resemble too
 * many others, are skipped.
 */
export function mistypedSettings(schemas: readonly z.ZodObject[], environment: Environment): string[] {
  const known = schemas.flatMap(namesIn);
  const isSet = (name: string) => Boolean(environment[name]);
  const unset = known.filter((name) => !isSet(name) && !isSet(`${name}_FILE`) && !isSet(fileless(name)));
  return Object.keys(environment)
    .filter((name) => isSet(name) && !known.includes(name))
    .flatMap((typed) => {
      const meant = meantBy(typed, unset);
      return meant === undefined ? [] : [`${typed} is not a setting: did you mean ${meant}?`];
    });
}

/** Returns the names of the settings of a schema, with each secret's `NAME_FILE`. */
const namesIn = ({ shape }: z.ZodObject): string[] =>
  Object.entries(shape).flatMap(([name, field]) =>
    aboutSetting(field as z.ZodType)?.secret ? [name, `${name}_FILE`] : [name],
  );

/** Returns the first of `names` that `typed` probably misspells. */
export const meantBy = (typed: string, names: readonly string[]): string | undefined =>
  names.find((name) => isSlip(typed, name));

const fileless = (name: string): string => name.replace(/_FILE$/, '');

/**
 * Tells whether `typed` has one typo of a name of at least eight letters, two of one of at least twelve, or differs
 * only in case.
 */
function isSlip(typed: string, name: string): boolean {
  const allowed = name.length >= 12 ? 2 : name.length >= 8 ? 1 : 0;
  if (allowed === 0) return false;
  return typed.toUpperCase() === name || slips(typed, name) <= allowed;
}

/**
 * Counts the letters that are missing, added, replaced or swapped with their neighbour (optimal string alignment
 * distance).
 */
function slips(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const at = (up: number, left: number) => rows[i - up]?.[j - left] ?? 0;
      const replaced = at(1, 1) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(Math.min(at(1, 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped ? at(2, 2) + 1 : Infinity));
    }
    rows.push(row);
  }
  return rows[one.length]?.[other.length] ?? 0;
}
