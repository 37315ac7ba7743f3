import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type KeyServer, startKeyServer } from '../../tools/issuer/src/key-server.js';
import { describeWhere } from '../support/describe-where.js';
import { temporaryDirectory } from '../support/embedded-database.js';
import { type Build, makeProject, type Project, projects, runUnitTests } from './nest-projects/projects.js';
import { type Program, startProgram } from './program.js';
import { registryRefusal } from './registry.js';

const adapters = { Express: 'main', Fastify: 'fastify' } as const;
type Adapter = keyof typeof adapters;
const combinations = projects.flatMap((project) =>
  project.builds.flatMap((build) =>
    (['Express', 'Fastify'] as const).map((adapter) => ({ project, build, adapter })),
  ),
);

describeWhere(registryRefusal())(
  'in a project of nest new, with AuthModule.forRoot() and nothing else',
  () => {
    let fusionAuth: KeyServer;
    let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
    let running: Program | undefined;
    /** The rows of the README's table, by observation. */
    const seen: string[][] = [];

    beforeAll(async () => {
      fusionAuth = await startKeyServer();
      directory = await temporaryDirectory();
      const tarball = execFileSync('npm', ['run', '--silent', 'pack:auth'], { encoding: 'utf8' }).trim();
      await Promise.all(projects.map((project) => makeProject(project, directory.path, resolve(tarball))));
    }, 400_000);
    afterEach(() => running?.stop());
    afterAll(async () => {
      await fusionAuth.close();
      await directory.remove();
    });

    const start = (project: Project, build: Build, adapter: Adapter): Promise<Program> =>
      startProgram(join(directory.path, project.name, build.directory, `${adapters[adapter]}.js`), {
        FUSIONAUTH_URL: fusionAuth.url,
      });

    it.each(
      combinations.map((one) => [one.project.nest, one.project.modules, one.build.module, one.adapter, one]),
    )(
      'Nest %i, %s compiled by %s, on %s: routes are closed, opened and narrowed as decorated, and close() ends the process',
      async (_nest, _modules, _module, _adapter, { project, build, adapter }) => {
        const program = (running = await start(project, build, adapter));
        const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
        const good = bearer(await fusionAuth.minter.mint());
        const status = async (path: string, headers: Record<string, string> = {}) =>
          (await fetch(program.url + path, { headers })).status;
        const me = await fetch(`${program.url}/me`, { headers: good });
        expect([me.status, await me.json()]).toEqual([200, { email: 'ada@example.com' }]);
        const refused = await fetch(`${program.url}/me`);
        expect([refused.status, refused.headers.get('content-type')]).toEqual([
          401,
          expect.stringMatching(/^application\/problem\+json/),
        ]);
        expect(await refused.json()).toMatchObject({ code: 'credential_required' });
        expect(await status('/me', bearer(await fusionAuth.minter.mint({ exp: 1 })))).toBe(401);
        expect(await status('/')).toBe(200);
        expect(await status('/admin', good)).toBe(403);
        expect(await status('/tokens', good)).toBe(200);
        expect(await status('/keys', good)).toBe(401);
        const post = (body: string, headers: Record<string, string>) =>
          fetch(`${program.url}/notes`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body,
          });
        expect(await (await post('{"a":1}', good)).json()).toEqual({ a: 1 });
        const broken = await post('{', {});
        expect(broken.status).toBe(adapter === 'Fastify' ? 401 : 400);
        expect(await program.stop()).toBe(0);
        seen.push([
          ...[String(project.nest), adapter, project.modules, `\`${build.module.split(', ').join('`, `')}\``],
          String(broken.status),
        ]);
      },
    );

    it.each(projects)(
      'a unit test of $name replaces the guard, by the test runner that came with it',
      (project) =>
        runUnitTests(project, directory.path, { FUSIONAUTH_URL: fusionAuth.url, NODE_ENV: 'test' }),
    );

    it('the table of the README says what was tried here', () => {
      const [, table = ''] =
        /^\| NestJS .*\n\|[- |]*\n((?:\|.*\n)+)/m.exec(readFileSync('libs/auth/README.md', 'utf8')) ?? [];
      const rows = table
        .trim()
        .split('\n')
        .map((line) =>
          line
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim()),
        );
      expect(rows).toEqual(seen);
    });
  },
);
