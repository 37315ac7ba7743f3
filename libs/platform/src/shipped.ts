import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exitCodes, ExitError } from './exit.js';

/**
 * The files that apps read besides their own code, by path in the repository. An image or package without the rest of
 * the repository, such as deploy/Dockerfile, must include each of these.
 */
export const shippedPaths = [
  'deploy/kickstart/kickstart.json',
  'docs/comparison.json',
  'docs/errors',
  'prisma/reminder/migrations',
  'prisma/todo/migrations',
] as const;

type ShippedPath = (typeof shippedPaths)[number];

/**
 * Returns the absolute path of a shipped file or folder, from the sources and from dist. Throws {@link ExitError} 78
 * if it is missing from the installation. The search upwards begins at `from`.
 */
export function shipped(path: ShippedPath, from: string = import.meta.dirname): string {
  for (let at = from; at !== dirname(at); at = dirname(at))
    if (existsSync(join(at, path))) return join(at, path);

  throw new ExitError(
    `${path} is missing from this installation: copy it from the repository to the directory of dist.`,
    exitCodes.badConfiguration,
  );
}
