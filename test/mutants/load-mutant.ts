import { readFileSync } from 'node:fs';
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

const sources = new URL('../../libs/auth/src/', import.meta.url).href;
const mark = '?mutant=';
const patches = new Map<string, Mutant>();
const compiled = new Map<string, string>();

// A mutant's copy of the guard is a graph of modules of its own: each is marked by the query that its importer carries.
registerHooks({
  resolve(specifier, context, next) {
    const [parent = '', id] = context.parentURL?.split(mark) ?? [];
    if (id === undefined) return next(specifier, context);
    const found = next(specifier, { ...context, parentURL: parent });
    return found.url.startsWith(sources) ? { ...found, url: `${found.url}${mark}${id}` } : found;
  },
  load(url, context, next) {
    const [file = '', id] = url.split(mark);
    if (id === undefined) return next(url, context);
    return { format: 'module', source: sourceOf(file, patches.get(id)), shortCircuit: true };
  },
});

/** The module compiled, once for all mutants that leave it alone. */
function sourceOf(url: string, patch: Mutant | undefined): string {
  const patched = patch !== undefined && url === sources + patch.file;
  if (patched) return compile(patchedText(patch), fileURLToPath(url));
  const known = compiled.get(url) ?? compile(readFileSync(fileURLToPath(url), 'utf8'), fileURLToPath(url));
  compiled.set(url, known);
  return known;
}

/** Throws unless the text is there exactly once. */
export function patchedText({ file, find, replace }: Mutant): string {
  const text = readFileSync(fileURLToPath(sources + file), 'utf8');
  const occurrences = text.split(find).length - 1;
  if (occurrences !== 1) throw new Error(`${file} holds this ${occurrences} times, not once: ${find}`);
  return text.replace(find, () => replace);
}

/** The guard's maker, from sources with this patch; without one, from a copy of the sources as they are. */
export async function loadMutant(id: number, mutant?: Mutant): Promise<typeof createAuthenticator> {
  if (mutant) patches.set(String(id), mutant);
  const module = (await import(`${sources}create-authenticator.ts${mark}${id}`)) as {
    createAuthenticator: typeof createAuthenticator;
  };
  return module.createAuthenticator;
}
