import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { kill } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { processEnvironment } from '#gatehouse/platform';

/** A program in the foreground that serves a port; its output is part of the message when it does not start. */
export class ServerProcess {
  #child: ChildProcess | undefined;
  #output = '';

  constructor(
    private readonly command: readonly [string, ...string[]],
    private readonly environment: Record<string, string>,
    readonly port: number,
  ) {}

  async start(): Promise<void> {
    const [program, ...parameters] = this.command;
    const { PATH = '' } = processEnvironment();
    const child = spawn(program, parameters, {
      env: { PATH, ...this.environment },
      stdio: 'pipe',
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    this.#child = child;
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if (await this.#answers()) return;
      if (child.exitCode !== null) break;
      await delay(100);
    }
    throw new Error(`${program} does not serve port ${this.port}: ${this.#output}`);
  }

  /** Kills it immediately. It can be started again. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const group = -child.pid;
    const exit = once(child, 'exit');
    // Includes its children: a session in the middle of a mail, for example.
    kill(group, 'SIGTERM');
    const late = setTimeout(() => kill(group, 'SIGKILL'), 5_000);
    await exit;
    clearTimeout(late);
  }

  async #answers(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return isThere;
  }
}
