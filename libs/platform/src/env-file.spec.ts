import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvFile } from './env-file.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'env-file-'));
  file = join(directory, '.env');
});
afterEach(() => rmSync(directory, { recursive: true }));

const read = (content: string | Buffer) => {
  writeFileSync(file, content);
  return readEnvFile(file);
};

describe('a file of settings', () => {
  it.each([
    ['PORT=3000\nHOST=::1', { PORT: '3000', HOST: '::1' }],
    ['# about\n\n  \nexport PORT = 3000 # why\r\nHOST=::1\r\n', { PORT: '3000', HOST: '::1' }],
    [
      `A="x # y" # z\nB='p"q'\nC=\`it's\`\nD="two\nlines"\nE=1`,
      { A: 'x # y', B: 'p"q', C: "it's", D: 'two\nlines', E: '1' },
    ],
    [
      'REMINDER_SCHEDULE=*/5 * * * *\nMAIL_FROM=Todos <a@b.example>',
      { REMINDER_SCHEDULE: '*/5 * * * *', MAIL_FROM: 'Todos <a@b.example>' },
    ],
    ['A=1\nA=2', { A: '2' }],
    ['', {}],
    ['\ufeffPORT=3000', { PORT: '3000' }],
  ])('is read as it is meant: %j', (content, values) => expect(read(content)).toEqual({ values }));

  it('with an empty value and blanks behind it keeps the next line out of that value', () => {
    expect(read('A=   \nB=1\nC=# nothing\nD=')).toEqual({ values: { A: '', B: '1', C: '', D: '' } });
  });

  it.each([
    ['PORT', 1],
    ['PORT=1\n\nPORT: hunter2', 3],
    ['A="x\ny"\nset B=hunter2', 3],
    ['A=1\nB="hunter2\nC=3', 2],
    ['A="hunter2" "x"', 1],
    ['=hunter2', 1],
    ['A=hunter2#x', 1],
  ])(
    'is refused where Node would drop or cut something, by its line and without its value: %j',
    (content, line) => {
      expect(read(content)).toEqual({
        values: {},
        problem: `.env, line ${line}: must be NAME=value; a value with #, quotes or line breaks must be in quotes`,
      });
    },
  );

  it('is refused in another encoding, such as the UTF-16 that PowerShell writes', () => {
    expect(read(Buffer.from('\ufeffPORT=3000', 'utf16le'))?.problem).toBe('.env: is not UTF-8 text');
  });

  it('may be absent; what cannot be read is refused', () => {
    expect(readEnvFile(file)).toBeUndefined();
    mkdirSync(file);
    expect(readEnvFile(file)?.problem).toBe('.env: cannot be read (EISDIR)');
  });
});
