import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Header } from './client.js';

export interface LoadResult {
  /** The number of answers by status; 0 means none, even after a retry. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Requests that were retried because their persistent connection was closed before the first byte of the answer. */
  readonly repeated: number;
}

export interface SteadyLoad {
  readonly url: string;
  readonly perSecond: number;
  /** The number of persistent connections. */
  readonly connections: number;
  /** Returns the headers of the next request. */
  readonly next: () => readonly Header[];
}

/**
 * Sends requests at a steady rate on persistent connections until stopped. A connection closed by the server is not an
 * answer: its request is retried once, as clients do with safe requests (RFC 9110 section 9.2.2).
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
