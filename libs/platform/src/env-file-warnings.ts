import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meantBy } from './mistyped.js';

const example = '.env.example';

/** The files named `.env.*` in `directory`, the example left out. */
export const envFilesIn = (directory: string): string[] =>
  readdirSync(directory).filter((file) => file.startsWith('.env.') && file !== example);

interface NamesOfFile {
  readonly file: string;
  readonly names: readonly string[];
  /** Whether it may have names that only other apps know. */
  readonly isShared: boolean;
}

/**
 * A sentence for each name in a file that is not a setting. Names of other apps are those in the `.env.example` beside it;
 * where there is none, an unknown name in a shared file may be another app's unless it looks mistyped.
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

/** The names in `.env.example`, set or commented out, with each secret's `NAME_FILE`; undefined without that file. */
function exampleNames(directory: string): string[] | undefined {
  const path = join(directory, example);
  if (!existsSync(path)) return undefined;
  const names = readFileSync(path, 'utf8').matchAll(/^#?(\w+)=|\balso (\w+_FILE)\b/gm);
  return [...names].map(([, name, file]) => name ?? file ?? '');
}
