import { globSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { InstrumenterContext, Mutant as Change } from '@stryker-mutator/api/core';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import type { createAuthenticator } from '../../libs/auth/src/create-authenticator.js';
import { forbiddenHeaders, foreignClaims } from '../../libs/auth/src/strategies/jwt/reasons.js';

/** The files of `libs/auth/src` that decide on a request with a JWT. */
const decidingFiles = [
  ...['authenticator', 'carrier'].map((name) => `core/${name}.ts`),
  ...['bearer', 'compact-token', 'confirmation', 'cookie', 'judge', 'public-key']
    .concat('token-expectation', 'token-header')
    .map((name) => `strategies/jwt/${name}.ts`),
];

/** Stryker's mutators that make or break a decision; the others change texts and objects. */
const mutators = ['ConditionalExpression', 'LogicalOperator', 'MethodExpression', 'Regex'];

/**
 * One changed decision: a mutant of Stryker's, or a name removed from a list, which Stryker does not mutate where it is
 * constant.
 */
export interface Mutant {
  /** File, the code before and the code after. */
  readonly title: string;
  /** Stryker's id. */
  readonly id?: string;
  readonly leftOut?: string;
}

interface Compiler {
  readonly compile: (source: string, filename: string) => string;
}
const { compile } = (await import(
  new URL('../support/run-typescript.mjs', import.meta.url).href
)) as Compiler;

const sources = new URL('../../libs/auth/src/', import.meta.url);
const urlOf = (file: string) => new URL(file, sources).href;
const textOf = (file: string) => readFileSync(fileURLToPath(urlOf(file)), 'utf8');

const files = decidingFiles.map((name) => ({ name, content: textOf(name), mutate: true }));
const log = new Proxy({}, { get: () => () => false }) as ConstructorParameters<typeof Instrumenter>[0];
const instrumented = await new Instrumenter(log).instrument(files, {
  plugins: null,
  excludedMutations: [],
  ignorers: [],
});

/** Returns whether a change affects a decision. Cases of a `switch` are skipped: none of them decides on a request. */
const changesDecision = ({ mutatorName, replacement }: Change) =>
  mutators.includes(mutatorName) && !/^(case |default)/.test(replacement);

/** The decisions of the guard, each changed. */
export const mutants: readonly Mutant[] = [
  ...instrumented.mutants.filter(changesDecision).map((change) => ({
    title: `${change.fileName}: ${codeAt(change)} → ${change.replacement.replaceAll(/\s+/g, ' ')}`,
    id: change.id,
  })),
  ...[...forbiddenHeaders, ...foreignClaims].map((name) => ({
    title: `strategies/jwt/reasons.ts: ${name} left out`,
    leftOut: name,
  })),
];

function codeAt({ fileName, location: { start, end } }: Change): string {
  const lines = textOf(fileName)
    .split('\n')
    .slice(start.line, end.line + 1);
  const last = lines.length - 1;
  lines[last] = lines[last]!.slice(0, end.column);
  lines[0] = lines[0]!.slice(start.column);
  return lines.join(' ').replaceAll(/\s+/g, ' ');
}

/** The variables that name the active mutant to the instrumented code, and collect the mutants that it reached. */
const space = globalThis as {
  __stryker__?: Partial<Record<keyof InstrumenterContext, unknown>> & InstrumenterContext;
};
export const switches = (space.__stryker__ ??= {});

const compiled = new Map(
  instrumented.files.map(({ name, content }) => [urlOf(name), compile(content, fileURLToPath(urlOf(name)))]),
);
const guard = new Set(globSync('**/*.ts', { cwd: fileURLToPath(sources) }).map(urlOf));
const mark = '?copy=';

// The guard is loaded again for each copy: each of its modules has the mark of its importer.
registerHooks({
  resolve(specifier, context, next) {
    const [parent = '', copy] = context.parentURL?.split(mark) ?? [];
    if (copy === undefined) return next(specifier, context);
    const found = next(specifier, { ...context, parentURL: parent });
    return guard.has(found.url) ? { ...found, url: `${found.url}${mark}${copy}` } : found;
  },
  load(url, context, next) {
    const [file = '', copy] = url.split(mark);
    if (copy === undefined) return next(url, context);
    const source =
      compiled.get(file) ?? compile(readFileSync(fileURLToPath(file), 'utf8'), fileURLToPath(file));
    compiled.set(file, source);
    return { format: 'module', source, shortCircuit: true };
  },
});

let copies = 0;

type Maker = typeof createAuthenticator;
type Lists = Record<'forbiddenHeaders' | 'foreignClaims', string[]>;

/**
 * Returns the maker of the instrumented guard, loaded again, so that values computed at load time follow the active
 * mutant, and the lists lack the removed name.
 */
export async function loadGuard({ leftOut }: Partial<Mutant> = {}): Promise<Maker> {
  const query = `${mark}${copies++}`;
  const lists = (await import(`${urlOf('strategies/jwt/reasons.ts')}${query}`)) as Lists;
  for (const list of [lists.forbiddenHeaders, lists.foreignClaims])
    if (leftOut !== undefined && list.includes(leftOut)) list.splice(list.indexOf(leftOut), 1);
  const guarded = (await import(`${urlOf('create-authenticator.ts')}${query}`)) as {
    createAuthenticator: Maker;
  };
  return guarded.createAuthenticator;
}
