import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Header } from './client.js';

export interface LoadResult {
  /** How often each status was answered; 0: none, not even when it was repeated. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Requests whose kept connection was closed before a byte of the answer came, and that were repeated. */
  readonly repeated: number;
}

export interface SteadyLoad {
  readonly url: string;
  readonly perSecond: number;
  /** Connections that are kept. */
  readonly connections: number;
  /** Headers of the next request. */
  readonly next: () => readonly Header[];
}

/**
 * Sends requests at a steady rate on kept connections until it is stopped. A connection that the server closed is no answer:
 * its request is sent once more, as clients do with requests that are safe to repeat (RFC 9110 section 9.2.2).
 */
export function startLoad({ url, perSecond, connections, next }: SteadyLoad): {
  stop(): Promise<LoadResult>;
} {
  const pool = new Pool(url, { connections });
  const statuses = new Map<number, number>();
  let repeated = 0;
  let isOpen = true;
  const ask = async () => {
    const headers = next().flat();
    const { statusCode, body } = await pool.request({ method: 'GET', path: '/load', headers });
    await body.dump();
    return statusCode;
  };
  const shoot = async () => {
    const status = await ask()
      .catch(() => {
        repeated += 1;
        return ask();
      })
      .catch(() => 0);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  const run = async () => {
    const began = performance.now();
    const open = new Set<Promise<void>>();
    for (let sent = 0; isOpen; await delay(5)) {
      for (; sent < ((performance.now() - began) / 1000) * perSecond; sent += 1) {
        const shot = shoot().finally(() => open.delete(shot));
        open.add(shot);
      }
    }
    await Promise.all(open);
    await pool.close();
  };
  const running = run();
  return {
    async stop() {
      isOpen = false;
      await running;
      return { statuses, repeated };
    },
  };
}
