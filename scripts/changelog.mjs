// `npm run changelog`: writes CHANGELOG.md from the commits with git-cliff, configured by cliff.toml. It needs no
// network.
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();

if (process.argv.includes('--help')) {
  console.log('changelog [FILE]: writes the features and fixes in the commits to FILE (CHANGELOG.md)');
} else if (git('rev-parse', '--is-shallow-repository') === 'true') {
  console.error('This clone is shallow, so most commits are missing. Run: git fetch --unshallow');
  process.exitCode = 78;
} else {
  const cliff = resolve(import.meta.dirname, '../node_modules/.bin/git-cliff');
  const config = resolve(import.meta.dirname, '../cliff.toml');
  const options = ['--config', config, '--offline', '--output', process.argv[2] ?? 'CHANGELOG.md'];
  execFileSync(cliff, options, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
}
