// After `npm ci`: generates the Prisma clients and builds. Where the development packages were left out (`--omit=dev`) there is
// nothing to build with, and dist is copied from elsewhere.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('node_modules/@types/node')) {
  console.log('Development packages are left out: nothing is built here, copy dist from where it was.');
  process.exit(0);
}
for (const name of ['generate', 'build']) {
  const { status } = spawnSync('npm', ['run', '--silent', name], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
