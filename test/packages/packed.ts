import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

export type PackageName = 'gatehouse-auth' | 'gatehouse-sandbox';

const run = promisify(execFile);

/** Makes the tarball of a package as `npm run pack:…` does, and resolves with its path. */
export async function tarballOf(name: PackageName): Promise<string> {
  const script = join('scripts', `pack-${name.replace('gatehouse-', '')}.mjs`);
  const { stdout } = await run(process.execPath, [script]);
  return resolve(stdout.trim());
}

/** Unpacks a tarball to where npm would install it below `project`. Returns that folder. */
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

export const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
