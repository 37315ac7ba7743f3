import { spawnSync } from 'node:child_process';

/** Returns the reason why npm cannot install packages here; undefined when it can. */
export function registryRefusal(): string | undefined {
  const view = ['view', '@nestjs/cli', 'version', '--fetch-retries=0', '--fetch-timeout=20000'];
  const { status } = spawnSync('npm', view, { stdio: 'ignore', timeout: 60_000 });
  return status === 0 ? undefined : 'the npm registry does not answer';
}
