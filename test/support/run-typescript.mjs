// For child processes of tests: `node --conditions=source --import <this>` runs the sources as they are, so that no
// build can be stale. The same compiler as in Jest; imports that end in .js, as they will be once compiled, are .ts.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const options = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

/** JavaScript of a TypeScript source. */
export const compile = (source, filename) => transformSync(source, { ...options, filename }).code;

registerHooks({
  resolve(specifier, context, next) {
    const fromSource = context.parentURL?.endsWith('.ts') && /^\.{1,2}\/.*\.js$/.test(specifier);
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
