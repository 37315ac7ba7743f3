import { spawnSync } from 'node:child_process';

/** How to run a gateway in the foreground, in a folder with its files. */
export interface GatewayProgram {
  readonly program: string;
  readonly configuration: string;
  readonly start: (configuration: string) => readonly string[];
  /** How to reload its files: a signal, or a command. */
  readonly reload: NodeJS.Signals | ((configuration: string, adminPort: number) => readonly string[]);
}

export const programs = {
  haproxy: {
    program: 'haproxy',
    configuration: 'haproxy.cfg',
    start: (file) => ['-W', '-db', '-f', file],
    reload: 'SIGUSR2',
  },
  nginx: {
    program: 'nginx',
    configuration: 'nginx.conf',
    start: (file) => ['-p', '.', '-c', file, '-e', 'stderr', '-g', 'daemon off; pid nginx.pid;'],
    reload: 'SIGHUP',
  },
  caddy: {
    program: 'caddy',
    configuration: 'Caddyfile',
    start: (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
    reload: (file, port) => [
      ...['reload', '--config', file, '--adapter', 'caddyfile', '--force'],
      ...['--address', `127.0.0.1:${port}`],
    ],
  },
} as const satisfies Record<string, GatewayProgram>;

export type ProgramName = keyof typeof programs;

/** Returns the reason why the program cannot run here; undefined where it can. */
export function missingProgram(name: ProgramName): string | undefined {
  const { error } = spawnSync(programs[name].program, [name === 'caddy' ? 'version' : '-v']);
  return error ? `${name} is not installed` : undefined;
}
