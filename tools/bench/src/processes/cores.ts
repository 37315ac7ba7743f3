import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const generatorCore = '0';
const serverCore = '1';

const canPin =
  availableParallelism() > 1 &&
  spawnSync('taskset', ['-c', serverCore, 'true'], { stdio: 'ignore' }).status === 0;

/** How the processes are spread, for the reader of the figures. */
export const pinning = canPin
  ? `server on core ${serverCore}, everything else on core ${generatorCore}`
  : 'not pinned: there is no taskset here, or one core only';

/** The command line that runs on the server's core alone. */
export const onServerCore = (line: readonly string[]): readonly string[] =>
  canPin ? ['taskset', '-c', serverCore, ...line] : line;

/** Moves this process, its threads and what it will start to the generator's core. */
export function moveToGeneratorCore(): void {
  if (canPin)
    spawnSync('taskset', ['-a', '-c', '-p', generatorCore, String(process.pid)], { stdio: 'ignore' });
}
