import { execFile } from 'node:child_process';
import type { CheckResult } from './gateway.js';

const checkTimeoutMs = 20_000;

/** Runs a gateway's own checker in `directory`; its output becomes the detail where it refuses. */
export function runChecker(
  program: string,
  args: readonly string[],
  directory: string,
): Promise<CheckResult> {
  const shown = [program, ...args].map((word) => (/[\s;]/.test(word) ? `'${word}'` : word)).join(' ');
  return new Promise((resolve) => {
    execFile(program, args, { cwd: directory, timeout: checkTimeoutMs }, (error, stdout, stderr) => {
      if (!error) return resolve({ outcome: 'passed', detail: shown });
      if (error.code === 'ENOENT')
        return resolve({ outcome: 'not-installed', detail: `${program} is not installed` });
      const reason = error.killed ? `It did not end within ${checkTimeoutMs / 1_000} s.` : error.message;
      resolve({ outcome: 'failed', detail: `${shown}:\n${`${stdout}${stderr}`.trim() || reason}` });
    });
  });
}
