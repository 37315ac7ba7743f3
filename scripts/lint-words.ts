// `npm run lint:words [-- DIRECTORY]`: checks the English of comments, messages, test titles and documents.
// words/turns.ts lists the turns to avoid, and what to write instead. Exits 1 where it finds any.
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hitsIn } from './words/hits.js';

const [root = join(import.meta.dirname, '..')] = process.argv.slice(2);

/** Not in Git, generated from sources that are checked themselves, written by others, or unchangeable. */
const unchecked = [
  /^(node_modules|dist|coverage|\.git|\.data|prisma\/\w+\/generated)$/,
  /^(package-lock\.json|CHANGELOG\.md|LICENSE|\.env.*)$/,
  /^docs\/(claims|comparison|performance|hostile-tokens|gateways)\.md$/,
  /^test\/contract\/matrix\.md$/,
  /^test\/support\/openapi\//,
  /^prisma\/\w+\/migrations\//,
  /^deploy\/gateways\/(?!amazon-api-gateway)/,
  // These contain the turns as examples.
  /^scripts\/words\/turns\.ts$/,
  /^test\/developer\/words\.spec\.ts$/,
];

/** Returns the paths of the files to check, from the root. */
function files(): string[] {
  const skipped = (path: string) => unchecked.some((one) => one.test(path));
  const isFile = (path: string) => statSync(join(root, path)).isFile();
  const found = globSync(['**', '**/.*', '.ci/*'], { cwd: root, exclude: skipped });
  return found
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !skipped(path) && isFile(path))
    .sort();
}

for (const path of files()) {
  for (const { line, wording, name, instead } of hitsIn(path, readFileSync(join(root, path), 'utf8'))) {
    process.exitCode = 1;
    process.stderr.write(`${path}:${line}: "${wording}" (${name}). Write: ${instead}\n`);
  }
}
