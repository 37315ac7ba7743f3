import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Environment } from '#gatehouse/platform';
import { databaseTemplate, temporaryDirectory } from '../support/embedded-database.js';
import { startTypeScript } from '../support/typescript-process.js';

const main = join(import.meta.dirname, '../../apps/todo-api/src/main.ts');

// V8 doubles its young generation at arbitrary times, up to 64 MB: this is not growth of retained memory.
const steadyNursery = '--max-semi-space-size=8';

/** Vital figures of a process. */
export interface Vitals {
  /** The 99th percentile of timer delays since the last call, in milliseconds. */
  readonly eventLoopP99: number;
  /** In megabytes. */
  readonly memory: number;
}

/** A Todo API in a separate process, so that its event loop and its memory are its own. */
export interface ApiProcess {
  readonly url: string;
  readonly pid: number;
  readonly vitals: () => Promise<Vitals>;
  /** Returns the text of its metrics. */
  readonly metrics: () => Promise<string>;
  /** Returns false once it has exited by itself. */
  readonly runs: () => boolean;
  readonly stop: () => Promise<void>;
}

/** Resolves once it has tried everything that it needs; `onLine` receives every log line. */
export async function startApiProcess(env: Environment, onLine: (line: string) => void): Promise<ApiProcess> {
  const directory = await temporaryDirectory();
  await cp(await databaseTemplate(), join(directory.path, 'todo'), { recursive: true });
  const child = startTypeScript(main, [], {
    PORT: '0',
    DATA_DIR: directory.path,
    LOG_LEVEL: 'trace',
    TRUSTED_PROXIES: '127.0.0.1',
    NODE_OPTIONS: steadyNursery,
    ...env,
  });
  const exited = once(child, 'exit');
  const complaints = text(child.stderr!);
  const started = new Promise<{ url: string; metrics: string }>((resolve, reject) => {
    let addresses: { url: string; metrics: string };
    createInterface(child.stdout!).on('line', (line) => {
      onLine(line);
      if (line.includes('"msg":"listening"')) addresses = JSON.parse(line) as typeof addresses;
      if (line.includes('"msg":"started"')) resolve(addresses);
    });
    void exited.then(async () => reject(new Error(`the Todo API ended: ${await complaints}`)));
  });
  const { url, metrics: metricsUrl } = await started;
  const metrics = async () => (await fetch(metricsUrl)).text();
  return {
    url,
    pid: child.pid ?? 0,
    metrics,
    async vitals() {
      const all = await metrics();
      const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(all)?.[1]);
      return {
        eventLoopP99: value('nodejs_eventloop_lag_p99_seconds') * 1000,
        memory: value('process_resident_memory_bytes') / 2 ** 20,
      };
    },
    runs: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await directory.remove();
    },
  };
}
