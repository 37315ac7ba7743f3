import { globSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { createAuthenticator } from '../../libs/auth/src/create-authenticator.js';
import type { Mutant } from './mutants.js';

interface Compiler {
  readonly compile: (source: string, filename: string) => string;
}
const { compile } = (await import(
  new URL('../support/run-typescript.mjs', import.meta.url).href
)) as Compiler;

const sources = new URL('../../libs/auth/src/', import.meta.url);
const urlOf = (file: string) => new URL(file, sources).href;
const textOf = (url: string) => readFileSync(fileURLToPath(url), 'utf8');

/** Every module of the guard with those that it imports. */
const imports = new Map(
  globSync('**/*.ts', { cwd: fileURLToPath(sources) })
    .filter((file) => !file.endsWith('.spec.ts'))
    .map((file) => [
      urlOf(file),
      [...textOf(urlOf(file)).matchAll(/from '(\.[^']+)\.js'/g)].map(
        ([, path = '']) => new URL(`${path}.ts`, urlOf(file)).href,
      ),
    ]),
);

/** A module and all that import it, directly or not: what must be loaded anew where it is changed. */
function affectedBy(url: string): ReadonlySet<string> {
  const affected = new Set([url]);
  for (const one of affected)
    for (const [importer, imported] of imports) if (imported.includes(one)) affected.add(importer);

  return affected;
}

interface Copy {
  readonly mutant: Mutant;
  readonly affected: ReadonlySet<string>;
}

const mark = '?mutant=';
const copies = new Map<string, Copy>();
const compiled = new Map<string, string>();

// The modules that a mutant affects are loaded once more for it: each is marked by the query that its importer carries.
registerHooks({
  resolve(specifier, context, next) {
    const [parent = '', id = ''] = context.parentURL?.split(mark) ?? [];
    const copy = copies.get(id);
    if (!copy) return next(specifier, context);
    const found = next(specifier, { ...context, parentURL: parent });
    return copy.affected.has(found.url) ? { ...found, url: `${found.url}${mark}${id}` } : found;
  },
  load(url, context, next) {
    const [file = '', id = ''] = url.split(mark);
    const copy = copies.get(id);
    if (!copy) return next(url, context);
    const patched = file === urlOf(copy.mutant.file);
    const source = patched ? compile(patchedText(copy.mutant), fileURLToPath(file)) : unchanged(file);
    return { format: 'module', source, shortCircuit: true };
  },
});

function unchanged(url: string): string {
  const code = compiled.get(url) ?? compile(textOf(url), fileURLToPath(url));
  compiled.set(url, code);
  return code;
}

/** Throws unless the text is there exactly once. */
export function patchedText({ file, find, replace }: Mutant): string {
  const text = textOf(urlOf(file));
  const occurrences = text.split(find).length - 1;
  if (occurrences !== 1) throw new Error(`${file} holds this ${occurrences} times, not once: ${find}`);
  return text.replace(find, () => replace);
}

/** The maker of the guard that has this patch; without one, of the guard as it is. */
export async function loadMutant(id: string, mutant?: Mutant): Promise<typeof createAuthenticator> {
  if (mutant) copies.set(id, { mutant, affected: affectedBy(urlOf(mutant.file)) });
  const module = (await import(`${urlOf('create-authenticator.ts')}${mutant ? mark + id : ''}`)) as {
    createAuthenticator: typeof createAuthenticator;
  };
  return module.createAuthenticator;
}
