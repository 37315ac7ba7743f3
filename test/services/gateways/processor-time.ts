import { readdirSync, readFileSync } from 'node:fs';

/** Returns the processor time of a process so far, in milliseconds; Linux counts in hundredths of a second. */
export const processorMilliseconds = (id: number): number => millisecondsIn(statOf(String(id)));

/** Returns the processor time of all processes of a group. */
export function groupMilliseconds(group: number): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  // The fields after the name: state, parent, group.
  const fields = all.map(statOf).filter((one) => Number(one[2]) === group);
  return fields.reduce((sum, one) => sum + millisecondsIn(one), 0);
}

const millisecondsIn = (fields: readonly string[]) =>
  (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;

/** Returns the fields of a process after its name, which may contain blanks; none where it has exited. */
function statOf(id: string): string[] {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
