import { readFileSync } from 'node:fs';

/**
 * A name that no other process ever has: number, start and boot. Process numbers are reused, soon after a reboot or a
 * container's restart above all. Where the system does not tell (not Linux) the number has to do.
 */
export const processIdentity = (pid: number): string => `${pid}_${startOf(pid) ?? '0'}_${bootId()}`;

/** Whether the process of this identity is still there. */
export function isRunning(identity: string): boolean {
  const pid = Number(identity.split('_')[0]);
  return Number.isInteger(pid) && pid > 0 && exists(pid) && processIdentity(pid) === identity;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Clock ticks from boot to the start of the process: field 22 of proc_pid_stat(5). A zombie counts as gone. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}

const bootId = (): string => read('/proc/sys/kernel/random/boot_id') ?? '0';

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
