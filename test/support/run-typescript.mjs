// For child processes of tests: `node --import <this>` runs the sources as they are, so that no build can be stale.
// Node strips the types; imports that end in .js, as they will be once compiled, are found as .ts.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const fromSource = context.parentURL?.endsWith('.ts') && /^\.{1,2}\/.*\.js$/.test(specifier);
    return next(fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
