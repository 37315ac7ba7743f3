// `npm run lint:words`: holds comments, messages, test titles and documents to the project's English. words/turns.ts lists
// what not to write, and what to write instead.
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Hit, hitsIn } from './words/hits.js';

type Found = Hit & { readonly path: string };

const usage = `npm run lint:words                        checks every file; exits 1 where a room has more hits than its baseline
npm run lint:words -- --list [PATH...]    prints the hits below the paths, with what to write instead
npm run lint:words -- --update            lowers the baselines to the hits that are left`;

const print = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);
const root = join(import.meta.dirname, '..');
const baselineFile = join(import.meta.dirname, 'words', 'baseline.json');

/** Not in Git, made from sources that are checked themselves, written by others, or unchangeable. */
const unchecked = [
  /^(node_modules|dist|coverage|\.git|\.data|prisma\/\w+\/generated)$/,
  /^(package-lock\.json|CHANGELOG\.md|LICENSE|\.env.*)$/,
  /^docs\/(claims|comparison|performance|hostile-tokens|gateways)\.md$/,
  /^test\/contract\/matrix\.md$/,
  /^test\/support\/openapi\//,
  /^prisma\/\w+\/migrations\//,
  /^deploy\/gateways\/(?!amazon-api-gateway)/,
  // They name the turns themselves.
  /^scripts\/words\/turns\.ts$/,
  /^test\/developer\/words\.spec\.ts$/,
];

/** Paths of the files to check, from the root. */
function files(): string[] {
  const skipped = (path: string) => unchecked.some((one) => one.test(path));
  const isFile = (path: string) => statSync(join(root, path)).isFile();
  const found = globSync(['**', '**/.*', '.ci/*'], { cwd: root, exclude: skipped });
  return found
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !skipped(path) && isFile(path))
    .sort();
}

/** `apps/todo-api` for a file in there, `docs` for one below docs, `.` for one at the root. */
function roomOf(path: string): string {
  const [top = '', second, ...rest] = path.split('/');
  if (second === undefined) return '.';
  return ['apps', 'libs', 'tools', 'test'].includes(top) && rest.length > 0 ? `${top}/${second}` : top;
}

function countByRoom(hits: readonly Found[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { path } of hits) counts[roomOf(path)] = (counts[roomOf(path)] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).toSorted());
}

const describe = ({ path, line, wording, name, instead }: Found) =>
  `${path}:${line}: "${wording}" (${name}). Write: ${instead}`;

/** Prints the hits of each room that has more of them than its baseline. */
function check(hits: readonly Found[]): void {
  const allowed = existsSync(baselineFile)
    ? (JSON.parse(readFileSync(baselineFile, 'utf8')) as Record<string, number>)
    : {};
  for (const [room, count] of Object.entries(countByRoom(hits))) {
    if (count <= (allowed[room] ?? 0)) continue;
    process.exitCode = 1;
    complain(`${room}: ${count} hits, ${allowed[room] ?? 0} allowed`);
    for (const hit of hits.filter(({ path }) => roomOf(path) === room)) complain(`  ${describe(hit)}`);
  }
}

function list(hits: readonly Found[], paths: readonly string[]): void {
  const wanted = paths.map((path) => path.replace(/^\.\/|\/$/g, ''));
  const shown = hits.filter(
    ({ path }) =>
      wanted.length === 0 || wanted.some((one) => roomOf(path) === one || `${path}/`.startsWith(`${one}/`)),
  );
  for (const hit of shown) print(describe(hit));
  for (const [room, count] of Object.entries(countByRoom(shown))) print(`${count}\t${room}`);
}

const [command, ...paths] = process.argv.slice(2);
const all = () =>
  files().flatMap((path) =>
    hitsIn(path, readFileSync(join(root, path), 'utf8')).map((hit) => ({ path, ...hit })),
  );
if (command === undefined) check(all());
else if (command === '--list') list(all(), paths);
else if (command === '--update')
  writeFileSync(baselineFile, `${JSON.stringify(countByRoom(all()), null, 2)}\n`);
else print(usage);
