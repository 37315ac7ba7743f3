import type { Json } from '#gatehouse/fusionauth/control';

export interface Difference {
  /** Merged by FusionAuth, which appends to lists and replaces everything else. */
  readonly patch: Json;
  /** For each member that differs, its state and what merging the patch changes. */
  readonly lines: readonly { readonly text: string; readonly done: string }[];
}

/** Returns what `found` lacks of `wanted`; undefined if it lacks nothing. Other members of it are ignored. */
export function difference(found: Json, wanted: Json, path = ''): Difference | undefined {
  const patch: Record<string, unknown> = {};
  const lines: Difference['lines'][number][] = [];
  for (const [name, value] of Object.entries(wanted)) {
    const at = `${path}${name}`;
    const one = memberDifference(found[name], value, at);
    if (!one) continue;
    patch[name] = one.value;
    lines.push(...one.lines);
  }
  return lines.length === 0 ? undefined : { patch, lines };
}

function memberDifference(found: unknown, wanted: unknown, at: string) {
  if (Array.isArray(wanted)) {
    const there = Array.isArray(found) ? (found as unknown[]) : [];
    const missing = wanted.filter((one) => !there.includes(one));
    const names = missing.join(', ');
    const line = { text: `${at} lacks ${names}`, done: `added ${names} to ${at}` };
    return missing.length === 0 ? undefined : { value: missing, lines: [line] };
  }
  if (isObject(wanted)) {
    const inner = difference(isObject(found) ? found : {}, wanted, `${at}.`);
    return inner && { value: inner.patch, lines: inner.lines };
  }
  if (found === wanted) return undefined;
  const [before, after] = [shown(found), shown(wanted)];
  const line = {
    text: `${at} is ${before}, should be ${after}`,
    done: `changed ${at} from ${before} to ${after}`,
  };
  return { value: wanted, lines: [line] };
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Shortens a value, such as the text of a lambda, to a line. */
function shown(value: unknown): string {
  const text = value === undefined ? 'not set' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
