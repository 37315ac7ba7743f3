// `npm run bundle:lambda`: bundles the Lambda authorizer into one file without packages, and prints its size.
import { mkdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const lean = join(root, 'apps/lambda-authorizer/src/lean');
/** The packages to replace; apps/lambda-authorizer/src/lean/README.md gives the reasons. */
const packages = [
  'jwks-rsa',
  'lru-cache',
  'node:zlib',
  'passport-jwt',
  'pino',
  'prom-client',
  'undici',
  'zod',
];
const mostBytes = 1_000_000;

/** Files of our own that are replaced too. */
const files = {
  'libs/auth/src/core/challenge.ts': 'unreachable.ts',
  'libs/auth/src/layers/budget.ts': 'unreachable.ts',
  'libs/auth/src/layers/metrics.ts': 'metrics.ts',
  'libs/auth/src/revocation/push-revocation.ts': 'unreachable.ts',
  'libs/auth/src/revocation/revocation-memory.ts': 'unreachable.ts',
  'libs/auth/src/self-check.ts': 'unreachable.ts',
  'libs/auth/src/strategies/email-token/email-token.strategy.ts': 'unreachable.ts',
  'libs/auth/src/strategies/jwt/engines/passport-jwt.engine.ts': 'unreachable.ts',
  'libs/auth/src/strategies/jwt/self-check.ts': 'unreachable.ts',
  'libs/fusionauth/src/login.ts': 'unreachable.ts',
  'libs/fusionauth/src/own-key.ts': 'unreachable.ts',
  'libs/fusionauth/src/webhook-log.ts': 'unreachable.ts',
  'libs/platform/src/time-zone.ts': 'time-zone.ts',
};

const standIns = {
  name: 'stand-ins',
  setup({ onLoad }) {
    const paths = Object.keys(files).map((path) => RegExp.escape(path));
    onLoad({ filter: new RegExp(`^${RegExp.escape(root)}/(?:${paths.join('|')})$`) }, ({ path }) => ({
      contents: `export * from './${files[relative(root, path)]}';`,
      resolveDir: lean,
    }));
  },
};

/** Our modules have no side effects when loaded, so an unused one can be omitted. */
const withoutEffects = {
  name: 'without-effects',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[.#]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'resolved') return undefined;
      return { ...(await resolve(path, { ...from, pluginData: 'resolved' })), sideEffects: false };
    });
  },
};

/** Bundles one entry into one CommonJS file, which Node loads faster than a module. Returns its size in bytes. */
export async function bundle(entry, outfile, { substitutes = true } = {}) {
  const { metafile } = await build({
    ...{ entryPoints: [entry], outfile, absWorkingDir: root },
    ...{ bundle: true, minify: true, treeShaking: true, metafile: true, logLevel: 'error' },
    ...{ platform: 'node', format: 'cjs', target: 'node22', conditions: ['source'] },
    // The first use of `performance` loads node:perf_hooks, which takes a millisecond. Here it only measures calls.
    define: { 'performance.now': 'Date.now' },
    // The remaining uses of import.meta are in code that the function does not reach.
    logOverride: { 'empty-import-meta': 'silent' },
    ...(substitutes && {
      alias: Object.fromEntries(
        packages.map((name) => [name, join(lean, `${name.replace('node:', '')}.ts`)]),
      ),
      plugins: [standIns, withoutEffects],
    }),
  });
  return Object.values(metafile.outputs)[0].bytes;
}

const isMain = process.argv[1] === import.meta.filename;
if (isMain && process.argv.includes('--help')) {
  console.log(
    'bundle:lambda [FILE]: writes the Lambda authorizer to FILE (dist/lambda-authorizer/authorizer.cjs)',
  );
} else if (isMain) {
  const outfile = resolve(process.argv[2] ?? join(root, 'dist/lambda-authorizer/authorizer.cjs'));
  mkdirSync(dirname(outfile), { recursive: true });
  const bytes = await bundle('apps/lambda-authorizer/src/authorizer.ts', outfile);
  console.log(`${outfile}: ${bytes.toLocaleString('en')} bytes`);
  if (bytes > mostBytes) throw new Error(`The bundle must stay below ${mostBytes} bytes`);
}
