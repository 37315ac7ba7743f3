import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';

export interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

/** The resources that a server has used since its start. */
export interface Usage {
  readonly cpuMicroseconds: number;
  /** The times in which its event loop had work, and in which it waited. */
  readonly activeMs: number;
  readonly idleMs: number;
  /** The number of calls to FusionAuth, counted at their start. */
  readonly calls: number;
}

/** The settings from the parent, as its target expects them. */
export const settings: unknown = JSON.parse(process.argv[2] ?? '{}');

/** The answer of every guarded and every open route. */
export const answer = { status: 'ok', items: [1, 2, 3] };

let calls = 0;
subscribe('undici:request:create', () => (calls += 1));

/** Answers the parent's messages, `url` and `usage` among them, until it disconnects; then runs `close` and exits. */
export function serveParent(
  url: string,
  answers: Readonly<Record<string, (value: never) => unknown>> = {},
  close?: () => unknown,
): void {
  const all: typeof answers = { url: () => url, usage, ...answers };
  process.on('message', ({ name, value }: { name: string; value?: unknown }) => {
    const reply = (said: Answer) => void process.send?.(said);
    const found = Promise.resolve().then(() => all[name]?.(value as never));
    found.then(
      (result) => reply({ value: result }),
      (error: unknown) => reply({ error: String(error) }),
    );
  });
  process.once('disconnect', () => void Promise.resolve(close?.()).finally(() => process.exit(0)));
  // Ctrl-C reaches the whole group; the parent decides when this process exits.
  process.on('SIGINT', () => undefined);
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { active, idle } = performance.eventLoopUtilization();
  return { cpuMicroseconds: user + system, activeMs: active, idleMs: idle, calls };
}

/** Serves the parent, with a log line for each request to `url`. */
export function serveRequests(url: string): void {
  logRequests();
  serveParent(url);
}

/** Listens on a free port of this machine. Resolves with the URL. */
export async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Writes one log line per request, the same on every target, guarded or not, with any framework. */
function logRequests(): void {
  const log = pino({ base: { app: 'target' } });
  const began = Symbol('began');
  type Timed = { [began]?: number };
  subscribe('http.server.request.start', (message) => {
    (message as { request: Timed }).request[began] = performance.now();
  });
  subscribe('http.server.response.finish', (message) => {
    const { request, response } = message as { request: IncomingMessage & Timed; response: ServerResponse };
    const ms = performance.now() - (request[began] ?? 0);
    const { method, url } = request;
    log.info({ requestId: randomUUID(), method, url, status: response.statusCode, ms }, 'request');
  });
}
