import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../../support/embedded-database.js';

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

const [, section = ''] = /^## A credential of your own$([^]*?)^## /m.exec(
  readFileSync(join(root, 'README.md'), 'utf8'),
)!;

/** What the README has a newcomer start, and what to paste then, block by block. */
export const readme = {
  authStrategy: /AUTH_STRATEGY=(\S+) npm start/.exec(section)?.[1] ?? '',
  blocks: [...section.matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) => block),
};

/**
 * Pastes a block of the README into a shell, word by word but for the addresses, and returns what it wrote. `npm run
 * credentials` is the built program; curl need not be installed.
 */
export async function readmeShell(dataDir: string, addresses: Readonly<Record<string, string>>) {
  const directory = await temporaryDirectory();
  symlinkSync(dataDir, join(directory.path, '.data'));
  const program = (name: string, text: string) => {
    writeFileSync(join(directory.path, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(directory.path, name), 0o700);
  };
  const main = join(root, 'dist/apps/dev-center/src/credentials.main.js');
  program('npm', `while [ "$1" != -- ]; do shift; done; shift\nexec '${process.execPath}' '${main}' "$@"`);
  program('curl', `exec '${process.execPath}' '${join(import.meta.dirname, 'curl.main.ts')}' "$@"`);
  program('node', `exec '${process.execPath}' "$@"`);
  return {
    async paste(block: string): Promise<string> {
      const text = Object.entries(addresses).reduce((all, [from, to]) => all.replaceAll(from, to), block);
      const { stdout } = await run('sh', ['-e', '-c', text], {
        cwd: directory.path,
        env: { PATH: `${directory.path}:${process.env['PATH'] ?? ''}` },
      });
      return stdout;
    },
    remove: () => directory.remove(),
  };
}
