import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { temporaryDirectory } from '../support/embedded-database.js';
import { runTypeScript, sharedCode } from '../support/typescript-process.js';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const { projects } = read('nest-cli.json') as { projects: Record<string, object> };
const { scripts } = read('package.json') as { scripts: Record<string, string> };
const bin = (name: string) => join(root, 'node_modules', name);

describe('nest-cli.json', () => {
  it('has every app and tool as a project, by the name of its folder', () => {
    const mains = globSync('{apps,tools}/*/src/main.ts', { cwd: root });
    const folders = mains.map((file) => file.replaceAll('\\', '/').replace('/src/main.ts', ''));
    const named = folders.map((folder) => [basename(folder), { root: folder, sourceRoot: `${folder}/src` }]);
    expect(projects).toMatchObject(Object.fromEntries(named) as object);
    expect(Object.keys(projects)).toHaveLength(folders.length);
  });
});

describe('the Nest CLI', () => {
  let scratch: { path: string; remove(): Promise<void> };
  beforeAll(async () => {
    scratch = await temporaryDirectory();
    // One empty file instead of the whole system: the content of the build does not matter here.
    await writeFile(join(scratch.path, 'empty.ts'), 'export {};\n');
    const compilerOptions = { outDir: scratch.path, rootDir: scratch.path, types: [] };
    await writeFile(
      join(scratch.path, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['empty.ts'] }),
    );
  });
  afterAll(() => scratch.remove());

  const nest = (...args: string[]) => {
    const config = relative(root, join(scratch.path, 'tsconfig.json'));
    const program = [bin('@nestjs/cli/bin/nest.js'), ...args, '--path', config];
    const env = { ...process.env, ...sharedCode };
    const { status, stderr } = spawnSync(process.execPath, program, { cwd: root, env, encoding: 'utf8' });
    return { status, stderr };
  };
  const built = () => existsSync(join(scratch.path, 'empty.js'));

  it.each([
    ['all of it when no name is given', []],
    ['projects by their names', ['reminder-app', 'sandbox']],
  ])('builds %s', async (_what, names) => {
    await rm(join(scratch.path, 'empty.js'), { force: true });
    expect(nest('build', ...names)).toEqual({ status: 0, stderr: '' });
    expect(built()).toBe(true);
  });

  it.each([
    ['build', 'todo-api', 'reminder'],
    ['start', '--watch', 'reminder'],
  ])('refuses a name that is not a project, instead of taking the Todo API: nest %s %s %s', (...args) => {
    const { status, stderr } = nest(...args);
    expect(stderr).toBe(
      `reminder: not a project of nest-cli.json. There are ${Object.keys(projects).join(', ')}.\n`,
    );
    expect(status).toBe(1);
  });
});

describe('--help', () => {
  const mains = globSync('{apps,tools}/*/src/{main,*.main}.ts', { cwd: root });
  // Any import of Nest fails, so a command that loads a server for its help exits with an error.
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier.startsWith('@nestjs/')) throw new Error('loads ' + specifier);
        return next(specifier, context);
      },
    });`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(hook)}`;

  it.each(mains)('of %s does not load the server', async (main) => {
    const { exitCode, stdout, stderr } = await runTypeScript(join(root, main), ['--help'], { NODE_OPTIONS });
    expect([exitCode, stdout, stderr]).toEqual([0, expect.stringMatching(/^ +--help /m), '']);
  });
});

describe('Jest', () => {
  it('runs test files however it is started: npx jest, an editor, npm run test:jest', () => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const program = [
      bin('jest/bin/jest.js'),
      'apps/todo-api/src/todos/access.spec.ts',
      '--reporters=default',
    ];
    const { status, stderr } = spawnSync(process.execPath, program, { cwd: root, env, encoding: 'utf8' });
    expect(stderr).toContain('Tests:');
    expect(stderr).not.toContain('Warning');
    expect(status).toBe(0);
  });
});

describe('.vscode/launch.json', () => {
  it('starts what there is: scripts of package.json, projects of nest-cli.json', () => {
    const { configurations } = read('.vscode/launch.json') as {
      configurations: { name: string; runtimeArgs?: string[] }[];
    };
    const started = configurations.map(({ name, runtimeArgs = [] }) => {
      const [tool = '', what = '', project = ''] = runtimeArgs;
      if (tool === 'run') return what in scripts;
      if (tool === 'nest') return project in projects;
      return tool === 'jest' || (/npm run start:debug$/.test(name) && 'start:debug' in scripts);
    });
    expect(started).toEqual(configurations.map(() => true));
  });
});
