type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns `given` with missing members filled in from `defaults`, at any depth; a given list is not changed. */
export function withDefaults<Given extends object>(given: Given, defaults: Tree): Given {
  const filled = new Map<string, unknown>(Object.entries(given));
  for (const [name, byDefault] of Object.entries(defaults)) {
    const value = filled.get(name) ?? undefined;
    if (value === undefined) filled.set(name, structuredClone(byDefault));
    else if (isTree(value) && isTree(byDefault)) filled.set(name, withDefaults(value, byDefault));
  }
  return Object.fromEntries(filled) as Given;
}
