import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { aboutSetting, shippedPaths } from '#gatehouse/platform';
import { todoApiSchema } from '../../apps/todo-api/src/config.js';
import { contextFilter, copiesOf, environmentOf, stagesOf, textsOf, wordsOf } from './dockerfile.js';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const stages = stagesOf(read('deploy/Dockerfile'));
const [build, image] = stages as [(typeof stages)[number], (typeof stages)[number]];
const letsIn = contextFilter(read('deploy/Dockerfile.dockerignore'));

/** Returns the files at or below a path of the repository. */
function below(path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
}

/** The folders that RUN creates in the build stage. */
const made = ['node_modules', 'dist'];

/** Each source of the image's COPY instructions, by its path in the repository. */
const copied = copiesOf(image).flatMap(({ sources }) => sources.map((source) => relative('/app', source)));
const isCopied = (file: string) => copied.some((path) => file === path || file.startsWith(`${path}/`));

/** A file or a folder that a module reads from its own folder. */
const asset = /join\(import\.meta\.dirname, '([\w-]+(?:\.[a-z]+)?)'\)/g;
const withoutAssets = (source: string) => source.replaceAll(asset, '');

describe('the build context', () => {
  it('has every file that the Dockerfile copies or runs', () => {
    const named = copiesOf(build).flatMap(({ sources }) => sources.filter((source) => source !== '.'));
    const run = textsOf(build, 'RUN').flatMap((text) => text.match(/scripts\/\S+|tsconfig\S+/g) ?? []);
    const extended = globSync('tsconfig.build.json', { cwd: root }).map(
      (file) => (JSON.parse(read(file)) as { extends: string }).extends,
    );
    // The files that the generator of the Prisma clients reads.
    const wanted = [...named, ...run, ...extended.map((file) => join(file)), 'prisma.config.ts'];
    expect(wanted).toEqual(expect.arrayContaining(['package-lock.json', 'scripts/prisma-generate.mjs']));
    expect(wanted.filter((file) => !existsSync(join(root, file)) || !letsIn(file))).toEqual([]);
  });

  it('has every source of the apps and libraries, but no tool and no test', () => {
    const sources = ['apps', 'libs', 'prisma']
      .flatMap(below)
      .filter((file) => !/\/generated\/|\/\.env[^/]*$/.test(file));
    const isTest = (file: string) => file.endsWith('.spec.ts');
    expect(sources.filter((file) => letsIn(file) === isTest(file))).toEqual([]);
    expect(below('tools').filter(letsIn)).toEqual([]);
  });

  it('has no secret, no history, and nothing that was built or written on this machine', () => {
    const strangers = [
      ...['.env', 'apps/todo-api/.env', 'deploy/secrets/todo-api.env', '.data/sandbox/secrets.env'],
      ...['.env.todo-api', '.env.local', 'apps/todo-api/.env.todo-api', 'deploy/image/.env.production'],
      ...['.git/config', 'node_modules/pg/package.json', 'dist/apps/todo-api/src/main.js'],
      ...['prisma/todo/generated/client.ts', 'test/deploy/image.spec.ts'],
    ];
    expect(strangers.filter(letsIn)).toEqual([]);
  });
});

describe('the image', () => {
  it('copies only what the build stage has', () => {
    const copies = copiesOf(image);
    expect(copies.map(({ from }) => from)).toEqual(copies.map(() => build.name));
    const absent = copied.filter((path) => !made.includes(path) && !below(path).some(letsIn));
    expect(absent).toEqual([]);
  });

  it('puts everything where it is in the repository', () => {
    for (const { sources, target } of copiesOf(image))
      expect([`./${relative('/app', sources[0]!)}`, './']).toContain(target);
  });

  it.each(shippedPaths)('has what the apps read beside their code: %s', (path) => {
    const files = below(path);
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !isCopied(file) || !letsIn(file))).toEqual([]);
  });

  it('is asked for a file of the repository in one place, which has the list', () => {
    const own = globSync('{apps,libs}/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.spec.ts'));
    expect(own.length).toBeGreaterThan(200);
    const placed = own.filter((file) =>
      /import\.meta\.(dirname|filename|url)|__dirname/.test(withoutAssets(read(file))),
    );
    expect(placed).toEqual(['libs/platform/src/shipped.ts']);
  });

  it('has what modules read from their own folder, since its build copies that into dist', () => {
    const modules = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root });
    const named = modules.flatMap((file) =>
      [...read(file).matchAll(asset)].map(([, name = '']) => join(file, '..', name)),
    );
    const assets = named.flatMap((path) => (below(path).length > 0 ? below(path) : [path]));
    expect(assets).toContain('apps/reminder-app/src/mail/digest.eta');
    expect(assets.filter((file) => !existsSync(join(root, file)) || !letsIn(file))).toEqual([]);
    const [, pattern = ''] = /globSync\('([^']+)'/.exec(read('scripts/copy-assets.mjs')) ?? [];
    expect(globSync(pattern, { cwd: root })).toEqual(expect.arrayContaining(assets));
    expect(textsOf(build, 'RUN').join()).toMatch(/tsc .*node scripts\/copy-assets\.mjs/s);
  });

  it('has the programs that it names, and those that compose.yaml has it run', () => {
    const programs = [
      ...[...wordsOf(image, 'ENTRYPOINT'), ...wordsOf(image, 'CMD')],
      ...textsOf(image, 'HEALTHCHECK').flatMap((text) => text.split(' ')),
      ...(read('deploy/compose.yaml').match(/deploy\/image\/[\w.-]+/g) ?? []),
    ]
      .map((word) => /(?:deploy|dist)\/\S+?\.m?js/.exec(word)?.[0])
      .filter((path) => path !== undefined);
    expect(programs.filter((path) => path.startsWith('deploy/image/'))).toHaveLength(5);
    for (const path of programs) {
      const source = path.replace(/^dist\/(.*)\.js$/, '$1.ts');
      expect([path, isCopied(path), existsSync(join(root, source)) && letsIn(source)]).toEqual([
        path,
        true,
        true,
      ]);
    }
  });

  it('runs as a user that is not root, and keeps data in the folder that is this user’s', () => {
    const environment = environmentOf(image);
    expect(textsOf(image, 'USER')).toEqual(['node']);
    const [install = ''] = textsOf(image, 'RUN');
    expect(install).toBe(
      `install --directory --owner=node --group=node --mode=0700 ${environment['DATA_DIR']}`,
    );
    expect(environment).toMatchObject({ NODE_ENV: 'production', HOST: '0.0.0.0' });
  });

  it('checks the port that the Todo API has', () => {
    const [check = ''] = textsOf(image, 'HEALTHCHECK');
    expect(check).toContain(`:\${PORT:-${aboutSetting(todoApiSchema.shape.PORT)?.example}}/livez`);
  });

  it('is confined alike wherever it runs', () => {
    const { services } = parse(read('deploy/compose.yaml'), { merge: true }) as {
      services: Record<string, { build?: object; volumes?: string[] }>;
    };
    for (const service of Object.values(services).filter((one) => one.build)) {
      expect(service).toMatchObject({
        ...{ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
        ...{ tmpfs: ['/tmp'], build: { context: '..', dockerfile: 'deploy/Dockerfile' } },
      });
      for (const volume of service.volumes ?? []) expect(volume).toMatch(/:\/data$/);
    }
  });
});

describe('what a .dockerignore lets in', () => {
  it('is decided by the last line that matches the file or a folder above it', () => {
    const filter = contextFilter(
      '# all but\n*\n!apps\n!docs/errors\napps/*/generated\n**/*.spec.ts\n**/.env\n',
    );
    const kept = ['apps/a/b.ts', 'docs/errors/x.md'];
    const left = ['README.md', 'docs/a.md', 'apps/a/generated/x.ts', 'apps/a/b.spec.ts', 'apps/.env', '.env'];
    expect([...kept, ...left].filter(filter)).toEqual(kept);
  });
});
