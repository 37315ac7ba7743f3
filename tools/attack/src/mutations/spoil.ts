import { differing } from './family.js';
import type { Random } from './random.js';

/** Values in the place of a text. */
export const notText: readonly unknown[] = [null, 0, 1, true, false, {}, [], [[]], { value: 'x' }];
/** Values in the place of a NumericDate. */
export const notInstants: readonly unknown[] = [null, true, false, 'soon', '', '1700000000', [], {}];
/** Values in the place of a list of roles. */
export const notRoles: readonly unknown[] = [
  null,
  '',
  'todo-reader',
  1,
  true,
  {},
  [1],
  [null],
  [''],
  [[]],
  [{}],
];

/** Returns a text that differs slightly from the given one. */
export function nearMiss(text: string, random: Random): string {
  const at = random.below(text.length);
  const edits = [
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + String.fromCharCode(33 + random.below(94)) + text.slice(at),
    () => text.slice(0, at) + String.fromCharCode(33 + random.below(94)) + text.slice(at + 1),
    () => text.toUpperCase(),
    () => text + random.pick([' ', '/', '\u0000', '\u200b', '.']),
    () => random.pick([' ', '\t', '\ufeff']) + text,
    () => text + text,
  ];
  return differing(
    () => random.pick(edits)(),
    (drawn) => drawn !== text,
  );
}

/** Returns any JSON value. */
export const anything = (random: Random): unknown =>
  random.pick<unknown>([null, true, 0, '', 'x', [], {}, { a: [1] }, random.bytes(6).toString('base64url')]);
