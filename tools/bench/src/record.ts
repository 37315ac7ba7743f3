import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { pinning } from '../../measure/src/child.js';
import { machine } from '../../measure/src/machine.js';
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
  return { machine: machineText(), node: process.version, commit: commit(), results: inOrder };
}

export function machineText(): string {
  const { cores, cpu, memoryGb, system } = machine();
  return `${cores} × ${cpu}, ${memoryGb} GiB, ${system}; ${pinning}; load average ${neighbours} before the start`;
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
