import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file that a browser may be shown. */
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

/** A name without a directory in it, which does not begin with a dot. */
const plainName = /^[\w-][\w.-]*$/;

/**
 * Reads a page or what belongs to one from `directory`, never from outside it. Undefined where it is not there or of no
 * kind that is shown. A page brings its own content security policy along.
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

/** What a page is sent with that brings its own content security policy along. */
export const pageHeaders = {
  'cache-control': 'no-cache',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
