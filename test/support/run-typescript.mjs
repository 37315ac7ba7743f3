// For child processes of tests: `node --conditions=source --import <this>` runs the sources as they are, so that no
// build can be stale. The same compiler as in Jest; imports that end in .js, as they will be once compiled, are .ts.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const cache = join(import.meta.dirname, '../../node_modules/.cache/gatehouse/typescript');

const options = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};
const compiler = JSON.stringify([options, require('@swc/core/package.json').version]);

/** Returns the JavaScript of a TypeScript source, compiled once and cached for all processes. */
export function compile(source, filename) {
  const compiled = join(
    cache,
    createHash('sha1').update(`${compiler}\0${filename}\0${source}`).digest('hex'),
  );
  try {
    return readFileSync(compiled, 'utf8');
  } catch {
    const { code } = require('@swc/core').transformSync(source, { ...options, filename });
    store(compiled, code);
    return code;
  }
}

/** Writes a file completely or not at all, because another process may read it. */
function store(file, code) {
  const draft = `${file}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  writeFileSync(draft, code);
  renameSync(draft, file);
}

registerHooks({
  resolve(specifier, context, next) {
    const fromSource =
      context.parentURL?.endsWith('.ts') &&
      /^\.{1,2}\/.*\.js$/.test(specifier) &&
      // What the browser runs as well is JavaScript already.
      !specifier.includes('/browser/');
    return next(fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    return {
      format: 'module',
      source: compile(readFileSync(filename, 'utf8'), filename),
      shortCircuit: true,
    };
  },
});
