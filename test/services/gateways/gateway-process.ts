import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { kill } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { processEnvironment } from '#gatehouse/platform';
import { freePort } from '../../support/free-port.js';
import { groupMilliseconds } from './processor-time.js';
import { type GatewayProgram, type ProgramName, programs } from './programs.js';

export interface ConfigurationFile {
  /** Relative to the folder of the gateway. */
  readonly path: string;
  readonly text: string;
}

export interface GatewayProcess {
  readonly url: string;
  /** The gateway's main file. */
  readonly configuration: string;
  readonly output: () => string;
  /** Replaces files and reloads them, as an operator does. Resolves once it answers again. */
  readonly reload: (files?: readonly ConfigurationFile[]) => Promise<void>;
  /** Returns the processor time of it and its workers since its start. */
  readonly cpuMilliseconds: () => number;
  readonly stop: () => Promise<void>;
}

/** Runs a gateway with its files in a new folder; it listens on `port` according to these files. */
export async function startGatewayProcess(
  name: ProgramName,
  port: number,
  files: readonly ConfigurationFile[],
): Promise<GatewayProcess> {
  const gateway: GatewayProgram = programs[name];
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  // nginx has workers of another user, which write buffered data there.
  chmodSync(folder, 0o777);
  const adminPort = await freePort();
  const write = (changed: readonly ConfigurationFile[]) => writeFiles(folder, changed, adminPort);
  write(files);
  const { HOME, PATH = '' } = processEnvironment();
  const options = {
    cwd: folder,
    env: { HOME: HOME ?? folder, XDG_DATA_HOME: folder, PATH: `${PATH}:/usr/sbin` },
  };
  const child = spawn(gateway.program, gateway.start(gateway.configuration), { ...options, detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  await untilServes(port, child).catch(async () => {
    await stop();
    throw new Error(`${name} does not serve port ${port}:\n${output}`);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    configuration: gateway.configuration,
    output: () => output,
    async reload(changed = []) {
      write(changed);
      const { reload } = gateway;
      if (typeof reload === 'string') kill(child.pid!, reload);
      else await promisify(execFile)(gateway.program, reload(gateway.configuration, adminPort), options);
      // Workers with the old files exit once they are idle; none of them accepts a new connection after this.
      await delay(500);
      await untilServes(port, child);
    },
    cpuMilliseconds: () => groupMilliseconds(child.pid!),
    stop,
  };
}

function writeFiles(folder: string, files: readonly ConfigurationFile[], adminPort: number): void {
  for (const { path, text } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    // Caddy's port for commands is the same on every machine; here several instances run in parallel.
    writeFileSync(file, path === 'Caddyfile' ? withAdmin(text, adminPort) : text);
  }
}

/** Adds to the global options of a Caddyfile, which are the unnamed block at its start, if there is one. */
function withAdmin(text: string, port: number): string {
  const admin = `admin 127.0.0.1:${port}`;
  const given = text.replace(/^\s*admin .*$/m, '');
  return /^\{$/m.test(given) ? given.replace(/^\{$/m, `{\n\t${admin}`) : `{\n\t${admin}\n}\n${given}`;
}

async function untilServes(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await delay(100);
  }
  throw new Error(`nobody listens at port ${port}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exit = once(child, 'exit');
  const signal = (name: NodeJS.Signals) => {
    try {
      // Includes its workers: some may still have old files.
      kill(-child.pid!, name);
    } catch {
      // It has already exited.
    }
  };
  signal('SIGTERM');
  const late = setTimeout(() => signal('SIGKILL'), 3_000);
  await exit;
  clearTimeout(late);
  signal('SIGKILL');
}
