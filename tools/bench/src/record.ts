import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { pinning } from '../../measure/src/child.js';
import { goalIds } from './goals.js';
import type { Result } from './outcome.js';

/** The record of a run. */
export interface BenchRecord {
  readonly machine: string;
  readonly node: string;
  readonly commit: string;
  readonly results: readonly Result[];
}

/** The load of the machine before this run added to it. */
const neighbours = (loadavg()[0] ?? 0).toFixed(1);

export function record(results: readonly Result[]): BenchRecord {
  const inOrder = results.toSorted((a, b) => goalIds.indexOf(a.id) - goalIds.indexOf(b.id));
  return { machine: machine(), node: process.version, commit: commit(), results: inOrder };
}

export function machine(): string {
  const [processor] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cpus().length} × ${processor?.model.trim() ?? 'unknown processor'}, ${memory}, ${type()} ${release()}; ${pinning}; load average ${neighbours} before the start`;
}

/** Returns the commit of the working tree; `unknown` outside a repository. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') ? ' and changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
