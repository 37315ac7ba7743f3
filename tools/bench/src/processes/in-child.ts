import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly value?: unknown;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** What a server has used since it started. */
export interface Usage {
  readonly cpuMicroseconds: number;
  /** Milliseconds in which its event loop had work, and in which it waited for some. */
  readonly active: number;
  readonly idle: number;
}

type Answers = Readonly<Record<string, (value: never) => unknown>>;

/** The settings that the parent gave; it knows which ones its target takes. */
export const settings: unknown = JSON.parse(process.argv[2] ?? '{}');

/**
 * Answers the parent's questions, `ready` with `url` and `usage` among them, until it goes away; then `close` and the end.
 */
export function serveParent(url: string, answers: Answers = {}, close?: () => Promise<unknown>): void {
  const all: Answers = { ready: () => url, usage, ...answers };
  process.on('message', ({ id, name, value }: Question) => {
    const answer = async (): Promise<unknown> => await all[name]?.(value as never);
    answer().then(
      (found) => process.send?.({ id, value: found } satisfies Answer),
      (error: unknown) => process.send?.({ id, error: String(error) } satisfies Answer),
    );
  });
  process.once('disconnect', () => void Promise.resolve(close?.()).finally(() => process.exit(0)));
  // Ctrl-C reaches the whole group; the parent decides when this one ends.
  process.on('SIGINT', () => undefined);
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { active, idle } = performance.eventLoopUtilization();
  return { cpuMicroseconds: user + system, active, idle };
}

/** Listens on a free port of this machine and resolves with the URL. */
export function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
