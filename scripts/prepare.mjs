// After `npm ci`: generates the Prisma clients and builds. Without the development packages (`--omit=dev`) there is
// nothing to build with, and dist is copied from elsewhere.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

// Some of them are installed nevertheless, because other packages need them.
const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
if (!Object.keys(devDependencies).every((name) => existsSync(`node_modules/${name}`))) {
  console.log('Development packages are left out: nothing is built here, copy dist from where it was.');
  process.exit(0);
}
// Scripts of package.json begin with `exec`, so that a signal to npm reaches the app. The shell of Windows has no such
// command, and its system no such signals.
if (process.platform === 'win32') writeFileSync('node_modules/.bin/exec.cmd', '@%*\r\n');
for (const name of ['generate', 'build']) {
  const { status } = spawnSync('npm', ['run', '--silent', name], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
