import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file that may be sent to a browser. */
export interface PageFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file name without a directory that does not begin with a dot. */
const plainName = /^[\w-][\w.-]*$/;

/**
 * Reads a page or a part of one from `directory`, never from outside it. Undefined if it does not exist or its type
 * is not served. A page contains its own content security policy.
 */
export function readPageFile(directory: string, name: string): PageFile | undefined {
  const type = types[extname(name)];
  if (type === undefined || !plainName.test(name)) return undefined;
  try {
    return { body: readFileSync(join(directory, name)), headers: { ...pageHeaders, 'content-type': type } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The headers of a page that contains its own content security policy. */
export const pageHeaders = {
  'cache-control': 'no-cache',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
