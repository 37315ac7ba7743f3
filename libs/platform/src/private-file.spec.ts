import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePrivateFile } from './private-file.js';

describe('a private file', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'gatehouse-private-'))));
  afterEach(() => rmSync(directory, { recursive: true }));
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  it('is its owner’s alone, as is the folder that is made for it', () => {
    const file = join(directory, 'house', 'door', 'token');
    writePrivateFile(file, 'secret');
    expect([readFileSync(file, 'utf8'), modeOf(file), modeOf(join(directory, 'house', 'door'))]).toEqual([
      'secret',
      0o600,
      0o700,
    ]);
  });

  it('replaces what was there, with any mode, and leaves nothing beside it', () => {
    const file = join(directory, 'token');
    writeFileSync(file, 'old', { mode: 0o644 });
    writePrivateFile(file, 'new');
    expect([readFileSync(file, 'utf8'), modeOf(file), readdirSync(directory)]).toEqual([
      'new',
      0o600,
      ['token'],
    ]);
  });

  it('ends with 78 where it cannot be written, and leaves nothing behind', () => {
    mkdirSync(join(directory, 'token', 'inside'), { recursive: true });
    expect(() => writePrivateFile(join(directory, 'token'), 'new')).toThrow(
      expect.objectContaining({ exitCode: 78 }),
    );
    expect(readdirSync(directory)).toEqual(['token']);
  });

  it('ends with 78 where its folder cannot be made', () => {
    writeFileSync(join(directory, 'door'), '');
    expect(() => writePrivateFile(join(directory, 'door', 'token'), 'new')).toThrow(
      expect.objectContaining({ exitCode: 78 }),
    );
  });
});
