import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

export type PackageName = 'gatehouse-auth' | 'gatehouse-sandbox';

const run = promisify(execFile);

/** The time limit of a hook that packs: the compiler needs more than a minute on a busy machine. */
export const packingMs = 240_000;

/** Builds the tarball of a package as `npm run pack:…` does, and resolves with its path. */
export async function tarballOf(name: PackageName): Promise<string> {
  const script = join('scripts', `pack-${name.replace('gatehouse-', '')}.mjs`);
  const { stdout } = await run(process.execPath, [script]);
  return resolve(stdout.trim());
}

/** Unpacks a tarball where npm would install it below `project`. Returns that folder. */
export function unpack(tarball: string, project: string): string {
  const [, name = ''] = /([^/\\]+)-[\d.]+\.tgz$/.exec(tarball) ?? [];
  const folder = join(project, 'node_modules', name);
  mkdirSync(dirname(folder), { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', dirname(folder)]);
  renameSync(join(dirname(folder), 'package'), folder);
  return folder;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Returns the files below a folder, by their paths from there. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'))
    .toSorted();

/** Finds traces of the machine that built a package, or of a registry: file and text of each. */
export function telltales(folder: string): string[] {
  const telling = [resolve('.'), hostname(), '//registry.'].filter((text) => text.length > 3);
  return filesIn(folder).flatMap((name) => {
    const content = readFileSync(join(folder, name), 'utf8');
    return telling.filter((text) => content.includes(text)).map((text) => `${name}: ${text}`);
  });
}

export const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
