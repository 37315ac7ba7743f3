// `npm run pack:auth`: packs libs/auth, with the two libraries that it needs, as a package. Prints the path of the
// tarball. The dependencies are read from the build, so that the list cannot be wrong.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, relative } from 'node:path';
import { compile, dependencies, devDependencies, pack } from './pack.mjs';

const entries = {
  '.': 'lib/auth/src/index',
  './nest': 'lib/auth/src/doors/nest/index',
  './node': 'lib/auth/src/doors/node/index',
  './forward': 'lib/auth/src/doors/forward/index',
};
/** The majors with which `npm run test:services` tries the package. */
const nestVersions = '^11.0.0 || ^12.0.0';

await pack({
  name: 'gatehouse-auth',
  documents: ['libs/auth/README.md'],
  fill(directory) {
    compile(['-p', 'tsconfig.pack.json', '--outDir', `${directory}/lib`]);
    linkLibraries(directory);
    return manifest(directory);
  },
});

function manifest(directory) {
  const used = importedPackages(directory, 'js');
  const types = importedPackages(directory, 'd.ts').map((name) => `@types/${name}`);
  const byNest = (name) => name.startsWith('@nestjs/') && name !== '@nestjs/passport';
  const versions = (names) => Object.fromEntries(names.map((name) => [name, dependencies[name]]));
  const peers = used.filter(byNest);
  return {
    description:
      'A guard for APIs that FusionAuth vouches for: access tokens, API keys, authentication tokens.',
    type: 'module',
    exports: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, `./${path}.js`])),
    // The types that TypeScript reads instead of `exports` with `moduleResolution: node10`, the default of `module:
    // commonjs`.
    types: `./${entries['.']}.d.ts`,
    typesVersions: { '*': typesOfDoors() },
    dependencies: {
      ...versions(used.filter((name) => !byNest(name))),
      ...Object.fromEntries(
        types.flatMap((name) => (devDependencies[name] ? [[name, devDependencies[name]]] : [])),
      ),
    },
    // Only the door for Nest needs them, and the application has its own.
    peerDependencies: Object.fromEntries(peers.map((name) => [name, nestVersions])),
    peerDependenciesMeta: Object.fromEntries(peers.map((name) => [name, { optional: true }])),
  };
}

/** Returns the paths of the types of each door, by its name without `./`. */
function typesOfDoors() {
  const doors = Object.entries(entries).filter(([name]) => name !== '.');
  return Object.fromEntries(doors.map(([name, path]) => [name.slice(2), [`./${path}.d.ts`]]));
}

/**
 * Replaces the names of the other libraries by their paths: `moduleResolution: node10` does not support `imports` of
 * package.json.
 */
function linkLibraries(directory) {
  for (const file of globSync(`${directory}/lib/**/*.{js,d.ts}`)) {
    const text = readFileSync(file, 'utf8').replaceAll(
      /(?<=['"])#gatehouse\/(\w+)(?=['"])/g,
      (_whole, library) => {
        const path = relative(dirname(file), `${directory}/lib/${library}/src/index.js`);
        return path.startsWith('.') ? path : `./${path}`;
      },
    );
    writeFileSync(file, text);
  }
}

function importedPackages(directory, extension) {
  const files = globSync(`${directory}/lib/**/*.${extension}`);
  const specifiers = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'([^'#.][^']*)'/g)].map(([, one]) => one),
  );
  const names = specifiers.map((one) => one.split('/', one.startsWith('@') ? 2 : 1).join('/'));
  const outside = names.filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
  return [...new Set(outside)].toSorted();
}
