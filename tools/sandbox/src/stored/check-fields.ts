import { invalidField } from '../answer.js';
import type { Instance } from '../instance.js';
import type { StoredRecord } from '../state/state.js';
import { keyOf, type Kind } from './kinds.js';

type Fields = StoredRecord['item'];

/** Throws 400 by field for values that FusionAuth documents as refused for this kind; `id` is the thing's own id. */
export function checkFields(kind: Kind, wanted: Fields, id: string, instance: Instance): void {
  requireFields(kind, wanted);
  checkType(kind, wanted);
  checkReferences(kind, wanted, instance);
  checkUnique(kind, wanted, id, instance);
}

function requireFields({ one, required }: Kind, wanted: Fields): void {
  for (const name of required) {
    if (wanted[name] === undefined || wanted[name] === null || wanted[name] === '')
      throw invalidField(`${one}.${name}`, 'blank', `You must specify the [${one}.${name}] property.`);
  }
}

function checkType({ one, types }: Kind, { type }: Fields): void {
  const known = types === undefined || type === undefined || types.some((name) => name === type);
  if (!known) throw invalidField(`${one}.type`, 'invalid', `The type must be one of ${types.join(', ')}.`);
}

function checkReferences({ one, refers = {} }: Kind, wanted: Fields, { state }: Instance): void {
  for (const [name, path] of Object.entries(refers)) {
    const value = wanted[name];
    if (typeof value === 'string' && !state.kept.has(keyOf({ path }, value.toLowerCase())))
      throw invalidField(`${one}.${name}`, 'invalid', 'There is nothing with this id.');
  }
}

function checkUnique({ one, path, unique }: Kind, wanted: Fields, id: string, { state }: Instance): void {
  const value = wanted[unique];
  if (value === undefined) return;
  const taken = [...state.kept.values()].some(
    (other) => other.path === path && other.item['id'] !== id && other.item[unique] === value,
  );
  if (taken) throw invalidField(`${one}.${unique}`, 'duplicate', `Another one has this ${unique}.`);
}
