// `npm run bundle:lambda`: the Lambda authorizer as one file without packages, and what it weighs.
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const lean = join(root, 'apps/lambda-authorizer/src/lean');
/** apps/lambda-authorizer/src/lean/README.md says why. */
const packages = ['jwks-rsa', 'lru-cache', 'passport-jwt', 'pino', 'prom-client', 'undici'];
const mostBytes = 1_000_000;

/** What `alias` cannot say: a package whose other entries our stand-in uses, and a file of our own. */
const standIns = {
  name: 'stand-ins',
  setup({ onResolve }) {
    onResolve({ filter: /^zod$/ }, () => ({ path: join(lean, 'zod.ts') }));
    onResolve({ filter: /^\.\/time-zone\.js$/ }, ({ importer }) =>
      importer.endsWith('libs/platform/src/index.ts') ? { path: join(lean, 'time-zone.ts') } : undefined,
    );
  },
};

/** Bundles one entry into one CommonJS file, which Node loads faster than a module. Returns its size in bytes. */
export async function bundle(entry, outfile, { substitutes = true } = {}) {
  const { metafile } = await build({
    ...{ entryPoints: [entry], outfile, absWorkingDir: root },
    ...{ bundle: true, minify: true, treeShaking: true, metafile: true, logLevel: 'error' },
    ...{ platform: 'node', format: 'cjs', target: 'node22', conditions: ['source'] },
    // What stays of import.meta is in code that the function does not reach.
    logOverride: { 'empty-import-meta': 'silent' },
    ...(substitutes && {
      alias: Object.fromEntries(packages.map((name) => [name, join(lean, `${name}.ts`)])),
      plugins: [standIns],
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
