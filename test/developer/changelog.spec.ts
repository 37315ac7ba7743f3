import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describeWhere } from '../support/describe-where.js';
import { temporaryDirectory } from '../support/embedded-database.js';

const run = promisify(execFile);
const noGit = spawnSync('git', ['--version']).status === 0 ? undefined : 'there is no git';

describeWhere(noGit)('npm run changelog', () => {
  let ground: Awaited<ReturnType<typeof temporaryDirectory>>;
  let repository: string;

  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
      cwd,
      stdio: 'pipe',
    });
  const changelog = (cwd: string) => run(process.execPath, [resolve('scripts/changelog.mjs')], { cwd });

  beforeAll(async () => {
    ground = await temporaryDirectory();
    repository = join(ground.path, 'repository');
    mkdirSync(repository);
    git(repository, 'init', '--quiet');
    const commit = (message: string) => git(repository, 'commit', '--quiet', '--allow-empty', '-m', message);
    commit('feat(auth): one guard\n\nmore about it');
    git(repository, 'tag', 'v0.1.0');
    commit('fix(auth): a refused token is not remembered');
    commit('feat(sandbox): a clock');
    commit('test(auth): a test that nobody sees');
    commit('fix(lint): a rule that nobody sees');
  });
  afterAll(() => ground.remove());

  it('lists features and fixes by scope and version, without what users do not see', async () => {
    await changelog(repository);
    const text = readFileSync(join(repository, 'CHANGELOG.md'), 'utf8');
    const parts = text.replace(/\d{4}-\d\d-\d\d/, 'DATE').replaceAll(/\n{2,}/g, '\n\n');
    expect(parts.slice(parts.indexOf('## ')).trim()).toBe(
      [
        ...['## Unreleased', '', '### Features', '', '**sandbox**', '', '- a clock', ''],
        ...['### Fixes', '', '**auth**', '', '- a refused token is not remembered', ''],
        ...['## 0.1.0 (DATE)', '', '### Features', '', '**auth**', '', '- one guard'],
      ].join('\n'),
    );
  });

  it('ends with 78 in a shallow clone and says how to fetch the rest', async () => {
    git(ground.path, 'clone', '--quiet', '--depth', '1', `file://${repository}`, 'shallow');
    await expect(changelog(join(ground.path, 'shallow'))).rejects.toMatchObject({
      code: 78,
      stderr: expect.stringContaining('git fetch --unshallow'),
    });
  });
});
