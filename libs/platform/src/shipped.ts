import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exitCodes, ExitError } from './exit.js';

/**
 * The files that apps read beside their own code, by path in the repository. An image or package without the rest of
 * the repository, such as deploy/Dockerfile, must bring each of these along.
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
 * The absolute path of a shipped file or folder, whether this runs from the sources or from dist. Throws
 * {@link ExitError} 78 when it was left out of the installation. `from` is where the search upwards begins.
 */
export function shipped(path: ShippedPath, from: string = import.meta.dirname): string {
  for (let at = from; at !== dirname(at); at = dirname(at))
    if (existsSync(join(at, path))) return join(at, path);

  throw new ExitError(
    `${path} is missing from this installation: copy it from the repository to where dist is.`,
    exitCodes.badConfiguration,
  );
}
