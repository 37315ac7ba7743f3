import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meantBy } from './mistyped.js';

const example = '.env.example';

/** Lists the files named `.env.*` in `directory`, without the example. */
export const envFilesIn = (directory: string): string[] =>
  readdirSync(directory).filter((file) => file.startsWith('.env.') && file !== example);

interface NamesOfFile {
  readonly file: string;
  readonly names: readonly string[];
  /** Whether it may contain names of settings of other apps. */
  readonly isShared: boolean;
}

/**
 * Returns a sentence for each name in a file that is not a setting. Names of other apps are listed in the
 * `.env.example` beside it; without that file an unknown name in a shared file may belong to another app, and is
 * reported only if it looks mistyped.
 */
export function unknownNames(
  { file, names, isShared }: NamesOfFile,
  ofThisApp: readonly string[],
  directory: string,
): string[] {
  const others = isShared ? exampleNames(directory) : [];
  const known = [...ofThisApp, ...(others ?? [])];
  return names
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = meantBy(name, known);
      if (meant === undefined && others === undefined) return [];
      const owner = isShared ? 'any app' : 'this app';
      return [`${name} in ${file} is not a setting of ${owner}${meant ? `: did you mean ${meant}?` : '.'}`];
    });
}

/**
 * Returns the names in `.env.example`, set or commented out, with each secret's `NAME_FILE`; undefined if the file
 * does not exist.
 */
function exampleNames(directory: string): string[] | undefined {
  const path = join(directory, example);
  if (!existsSync(path)) return undefined;
  const names = readFileSync(path, 'utf8').matchAll(/^#?(\w+)=|\balso (\w+_FILE)\b/gm);
  return [...names].map(([, name, file]) => name ?? file ?? '');
}
