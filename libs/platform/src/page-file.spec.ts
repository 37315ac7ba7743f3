import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPageFile } from './page-file.js';

describe('readPageFile', () => {
  const above = mkdtempSync(join(tmpdir(), 'pages-'));
  const directory = join(above, 'shown');
  mkdirSync(directory);
  writeFileSync(join(above, 'secret.json'), 'secret');
  writeFileSync(join(directory, 'index.html'), '<p>page</p>');
  writeFileSync(join(directory, '.hidden.json'), 'hidden');
  writeFileSync(join(directory, 'door.key'), 'key');

  it('reads a page with a type that no browser guesses at', () => {
    const page = readPageFile(directory, 'index.html');
    expect(page?.body.toString()).toBe('<p>page</p>');
    expect(page?.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "frame-ancestors 'none'",
    });
  });

  it('fails where a page exists and cannot be read', () => {
    mkdirSync(join(directory, 'folder.html'), { recursive: true });
    expect(() => readPageFile(directory, 'folder.html')).toThrow('EISDIR');
  });

  it.each([
    '../secret.json',
    '..\\secret.json',
    '/etc/passwd.json',
    '.hidden.json',
    'door.key',
    'index',
    '',
    'gone.html',
    'index.html\0.json',
  ])('has nothing by the name of %j', (name) => {
    expect(readPageFile(directory, name)).toBeUndefined();
  });
});
