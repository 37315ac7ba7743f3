/**
 * Measures in alternation: A B C, A B C, …, so that the state of the machine affects all of them in the same way.
 * Resolves with the values of each, without those of the first turn, which compiles the code.
 */
export async function inTurns<Name extends string>(
  turns: number,
  measures: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measures) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const name of names) {
      const value = await measures[name]();
      if (turn > 0) values[name].push(value);
    }
  }
  return values;
}
