import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitError } from './exit.js';
import { shipped, shippedPaths } from './shipped.js';

describe('what the apps read beside their code', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'gatehouse-shipped-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it.each(shippedPaths)('is found from the sources: %s', (path) => {
    const found = shipped(path);
    expect(found.endsWith(path)).toBe(true);
    expect(existsSync(found)).toBe(true);
  });

  it('is found from a build that stands beside it', () => {
    mkdirSync(join(directory, 'docs/errors'), { recursive: true });
    const build = join(directory, 'dist/libs/platform/src');
    expect(shipped('docs/errors', build)).toBe(join(directory, 'docs/errors'));
  });

  it('ends the start when it was left out of an installation, and says what is missing', () => {
    const missing = () => shipped('docs/errors', directory);
    expect(missing).toThrow(ExitError);
    expect(missing).toThrow(/^docs\/errors is missing from this installation/);
    expect(missing).toThrow(expect.objectContaining({ exitCode: 78 }));
  });
});
