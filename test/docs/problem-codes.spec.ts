import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemCodes } from '#gatehouse/platform';

const root = join(import.meta.dirname, '..', '..');

describe('the codes of problems', () => {
  it('have a page each under docs/errors, and no page is left over', () => {
    const pages = globSync('docs/errors/*.md', { cwd: root }).map((path) =>
      path.slice('docs/errors/'.length, -3),
    );
    expect(pages.sort()).toEqual([...problemCodes].sort());
  });

  it('are all answered by something, since a code that nothing answers would mislead', () => {
    const sources = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root })
      .filter((path) => !/\.spec\.ts$|problem-code\.ts$/.test(path))
      .map((path) => readFileSync(join(root, path), 'utf8'));
    const unused = problemCodes.filter((code) => !sources.some((source) => source.includes(`'${code}'`)));
    expect(unused).toEqual([]);
  });

  it('are a type of the package, so that a caller can decide by them exhaustively', () => {
    expect(readFileSync(join(root, 'libs/auth/src/index.ts'), 'utf8')).toContain('type ProblemCode');
  });
});
