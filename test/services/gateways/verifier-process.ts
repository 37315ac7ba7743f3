import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from '#gatehouse/platform';
import { freePort } from '../../support/free-port.js';
import { startTypeScript } from '../../support/typescript-process.js';
import { processorMilliseconds } from './processor-time.js';

/** The verifier that a gateway calls, in a separate process. */
export interface VerifierProcess {
  readonly url: string;
  readonly cpuMilliseconds: () => number;
  readonly close: () => Promise<void>;
}

/**
 * Starts the forward-auth server as in production; its log output is discarded, but the cost of writing it is included.
 */
export async function startForwardAuthProcess(env: Environment): Promise<VerifierProcess> {
  const main = join(import.meta.dirname, '../../../apps/forward-auth/src/main.ts');
  const port = await freePort();
  const own = {
    NODE_ENV: 'production',
    ALLOW_INSECURE: 'true',
    HOST: '127.0.0.1',
    PORT: String(port),
    METRICS_PORT: '0',
    TRUSTED_PROXIES: '127.0.0.1',
  };
  const quietly = ['sh', '-c', 'exec "$0" "$@" > /dev/null'];
  return answering(port, startTypeScript(main, [], { ...env, ...own }, quietly));
}

/** Starts a verifier that accepts everything; open-verifier.mjs describes its kinds. */
export async function startOpenVerifier(kind: 'plain' | 'bare'): Promise<VerifierProcess> {
  const port = await freePort();
  const script = join(import.meta.dirname, 'open-verifier.mjs');
  const stdio = ['ignore', 'ignore', 'pipe'] as const;
  return answering(port, spawn(process.execPath, [script, kind, String(port)], { stdio: [...stdio] }));
}

async function answering(port: number, child: ChildProcess): Promise<VerifierProcess> {
  let complaint = '';
  child.stdout?.resume();
  child.stderr?.on('data', (text: Buffer) => (complaint += text.toString()));
  const url = `http://127.0.0.1:${port}`;
  const exit = once(child, 'exit');
  const answers = () =>
    fetch(`${url}/livez`).then(
      () => true,
      () => false,
    );
  for (let tries = 0; !(await answers()); tries += 1) {
    if (tries > 300 || child.exitCode !== null) throw new Error(`the verifier does not answer: ${complaint}`);
    await delay(100);
  }
  return {
    url,
    cpuMilliseconds: () => processorMilliseconds(child.pid!),
    async close() {
      child.kill();
      await exit;
    },
  };
}
