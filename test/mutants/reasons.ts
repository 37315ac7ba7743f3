import { globSync, readFileSync } from 'node:fs';

const folder = 'libs/auth/src/strategies/jwt';

/** Every reason for a refusal that the sources of the jwt strategy spell out. */
export function reasonsInSources(): string[] {
  const texts = globSync(`${folder}/*.ts`)
    .filter((file) => !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(file, 'utf8'));
  return [...new Set(texts.flatMap(reasonsIn))].sort();
}

function reasonsIn(text: string): string[] {
  const given = [...text.matchAll(/\b(?:rejected|forbidden)\('([^']+)'/g)].map(([, reason = '']) => reason);
  const named = [...text.matchAll(/\breason: '([^']+)'/g)].map(([, reason = '']) => reason);
  return [...given, ...named, ...problemsIn(text), ...familiesIn(text)];
}

/** What functions named …Problem return. */
function problemsIn(text: string): string[] {
  const bodies = [...text.matchAll(/function \w*[pP]roblem\([\s\S]*?\n\}\n/g)].map(([body]) => body);
  return bodies.flatMap((body) =>
    [...body.matchAll(/(?:return|\?|:) '([^']+)'/g)].map(([, reason = '']) => reason),
  );
}

/** Reasons composed of a prefix and a member of a list. */
function familiesIn(text: string): string[] {
  const lists = new Map(
    [...text.matchAll(/^const (\w+) = \[([^\]]+)\] as const;/gm)].map(([, name = '', members = '']) => [
      name,
      [...members.matchAll(/'([^']+)'/g)].map(([, member = '']) => member),
    ]),
  );
  const found = text.matchAll(/const foreign = (\w+)\.find\([\s\S]*?`([\w-]+)\$\{foreign\}`/g);
  return [...found].flatMap(([, list = '', prefix = '']) =>
    (lists.get(list) ?? []).map((one) => prefix + one),
  );
}
