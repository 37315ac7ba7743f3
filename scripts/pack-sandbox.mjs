// `npm run pack:sandbox`: packs tools/sandbox as a package, bundled into one file so that it has no dependencies.
// Prints the path of the tarball.
import { chmodSync, cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { build } from 'esbuild';
import { compile, pack } from './pack.mjs';
import { noticesOf } from './third-party.mjs';

const declarations = 'tools/sandbox/src/package/api.ts';
const kickstart = 'deploy/kickstart/kickstart.json';
/** The files that the sandbox reads besides its code, by paths from the module's folder. */
const assets = [
  kickstart,
  ...globSync('{tools/sandbox,libs/platform,libs/look}/{src,assets}/**/*.{eta,css,js,html,svg,json}'),
];

const manifest = {
  description: 'A FusionAuth sandbox for development and tests. Not affiliated with FusionAuth.',
  keywords: ['fusionauth', 'sandbox', 'testing', 'oauth2', 'openid-connect', 'jwt'],
  bin: { 'gatehouse-sandbox': 'lib/command.cjs' },
  exports: {
    '.': {
      import: { types: './lib/index.d.mts', default: './lib/index.mjs' },
      require: { types: './lib/index.d.cts', default: './lib/index.cjs' },
    },
    './package.json': './package.json',
  },
  // The types that TypeScript reads instead of `exports` with `moduleResolution: node10`.
  types: './lib/index.d.cts',
  main: './lib/index.cjs',
  files: ['lib', 'THIRD-PARTY-NOTICES.md'],
};

/** Keeps the paths of assets valid in the bundle: they are copied to the same relative paths beside it. */
const modulesKnowWhereTheyStood = {
  name: 'modules know where they stood',
  setup({ onLoad }) {
    onLoad({ filter: /\/(tools|libs)\/.*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replaceAll(
        'import.meta.dirname',
        `(__dirname + '/${relative('.', dirname(path)).replaceAll('\\', '/')}')`,
      ),
    }));
  },
};

await pack({
  name: 'gatehouse-sandbox',
  documents: ['tools/sandbox/README.md'],
  async fill(directory) {
    const lib = `${directory}/lib`;
    const { metafile } = await bundle(`${lib}/sandbox.cjs`);
    for (const file of assets) cpSync(file, `${lib}/${file}`);
    const es2022 = ['--target', 'es2022', '--lib', 'es2022'];
    compile([
      declarations,
      '--ignoreConfig',
      '--declaration',
      '--emitDeclarationOnly',
      ...es2022,
      '--outDir',
      lib,
    ]);
    writeEntries(lib);
    writeFileSync(`${directory}/THIRD-PARTY-NOTICES.md`, noticesOf(metafile));
    return manifest;
  },
});

/** Writes one CommonJS file, which Node loads faster than a module. Names are kept, so that stacks can be read. */
function bundle(outfile) {
  return build({
    ...{ entryPoints: ['tools/sandbox/src/package/index.ts'], outfile, bundle: true, metafile: true },
    ...{ platform: 'node', format: 'cjs', target: 'node22', conditions: ['source'], logLevel: 'error' },
    ...{ minifySyntax: true, minifyWhitespace: true, legalComments: 'none' },
    // It would be undefined in the bundle; modules may use `import.meta.dirname` instead.
    logOverride: { 'empty-import-meta': 'error' },
    plugins: [modulesKnowWhereTheyStood],
  });
}

function writeEntries(lib) {
  for (const name of ['index.d.cts', 'index.d.mts']) cpSync(`${lib}/api.d.ts`, `${lib}/${name}`);
  rmSync(`${lib}/api.d.ts`);
  writeFileSync(`${lib}/index.cjs`, `exports.startSandbox = require('./sandbox.cjs').startSandbox;\n`);
  writeFileSync(
    `${lib}/index.mjs`,
    `import entry from './index.cjs';\nexport const { startSandbox } = entry;\n`,
  );
  writeFileSync(
    `${lib}/command.cjs`,
    `#!/usr/bin/env node\nrequire('node:module').enableCompileCache();\nrequire('./sandbox.cjs').runCommand(require('../package.json').version);\n`,
  );
  chmodSync(`${lib}/command.cjs`, 0o755);
}
