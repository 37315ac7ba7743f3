import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataDirProblem, unwritable } from './data-directory.js';

const nfs = 0x6969;

describe('an error while writing', () => {
  it('is one of the disk also where PGlite reports its number', () => {
    const full = Object.assign(new Error('FS error'), { name: 'ErrnoError', errno: 51 });
    expect(unwritable('/data/todo', full)).toMatchObject({
      ...{ exitCode: 78, cause: full },
      message: expect.stringContaining('/data/todo cannot be written (ENOSPC, the disk is full)') as string,
    });
  });

  it('is not one of the disk where another library uses such a number', () => {
    const other = Object.assign(new Error('other'), { errno: 51 });
    expect(unwritable('/data/todo', other)).toBe(other);
  });
});

describe('the problem with DATA_DIR', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'gatehouse-data-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('does not exist where a directory can be created, and none is', () => {
    expect(dataDirProblem(join(directory, 'new'), 'todo')).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is a file in its path', () => {
    writeFileSync(join(directory, 'file'), '');
    expect(dataDirProblem(join(directory, 'file'), 'todo')).toEqual([
      `DATA_DIR: ${directory}/file/todo cannot be written (ENOTDIR, part of the path is a file): ` +
        'set DATA_DIR to a writable directory, or fix this one.',
    ]);
  });

  it('is a file system whose locks do not exclude other machines, even before the directory exists', () => {
    const asked: string[] = [];
    const fileSystemOf = (path: string) => {
      asked.push(path);
      return nfs;
    };
    expect(dataDirProblem(join(directory, 'new'), 'todo', fileSystemOf)).toEqual([
      `DATA_DIR: ${directory}/new/todo is on NFS, where locks do not reach other machines: ` +
        'set DATA_DIR to a directory on a local disk',
    ]);
    expect(asked).toEqual([directory]);
  });
});
