import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const git = (...args: string[]) =>
  spawnSync('git', ['-c', 'core.autocrlf=true', ...args], { cwd: root, encoding: 'utf8' }).stdout;

const inGit = git('rev-parse', '--is-inside-work-tree').trim() === 'true' ? describe : describe.skip;
inGit('a checkout on a machine that likes CRLF (not run outside Git)', () => {
  it('keeps line feeds in every text file, whose bytes a shell, a checksum or a test may compare', () => {
    const converted = git('ls-files', '--eol')
      .split('\n')
      .filter((line) => line.startsWith('i/lf') && !/attr\/text=auto eol=lf|attr\/text eol=lf/.test(line));
    expect(git('ls-files', '--eol')).toContain('i/lf');
    expect(converted).toEqual([]);
  });
});
