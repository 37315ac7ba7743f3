import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { listenFailure } from '#gatehouse/platform';
import type { Center } from '../center.js';
import type { Command } from '../commands/command.js';
import { type DoorAddress, proofOf } from './door-file.js';
import { Receipts } from './receipts.js';
import { streamCommand } from './stream-command.js';
import { receiptSchema, requestSchema } from './wire.js';

export interface DoorOptions {
  readonly host: string;
  readonly port: number;
  readonly center: Center;
  readonly commands: Readonly<Record<string, Command>>;
}

export interface Door {
  readonly address: DoorAddress;
  close(): Promise<void>;
}

/**
 * Lets programs on this machine run commands in this process, which alone can use the embedded database: those that
 * know the token, and no browser. Throws an ExitError 4 for a taken port.
 */
export async function openDoor({ host, port, center, commands }: DoorOptions): Promise<Door> {
  const token = randomBytes(32).toString('base64url');
  const server = fastify({ forceCloseConnections: true, bodyLimit: 100_000 });
  server.get('/livez', () => ({ status: 'ok' }));
  server.get<{ Params: { challenge: string } }>('/door/:challenge', async (request, reply) => {
    const { challenge } = request.params;
    return isLocalProgram(request) ? proofOf(token, challenge) : reply.code(403).send();
  });
  void server.register((guarded, _options, done) => {
    guarded.addHook('onRequest', async (request, reply) => {
      if (!isLocalProgram(request)) await reply.code(403).send();
      else if (!knows(token, request)) await reply.code(401).send();
    });
    addRoutes(guarded, center, commands);
    done();
  });
  await server.listen({ port, host }).catch((error: unknown) => {
    throw listenFailure(error as NodeJS.ErrnoException, port);
  });
  const { port: actual } = server.server.address() as AddressInfo;
  const address = { url: urlAt(host, actual), token, fusionauthUrl: center.config.FUSIONAUTH_URL };
  return { address, close: () => server.close() };
}

/** Where this machine reaches what listens on `host`. */
export function urlAt(host: string, port: number): string {
  const own = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
}

function addRoutes(server: FastifyInstance, center: Center, commands: DoorOptions['commands']): void {
  const receipts = new Receipts();
  server.post<{ Params: { name: string } }>('/commands/:name', async (request, reply) => {
    const { name } = request.params;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    const asked = requestSchema.safeParse(request.body);
    if (!command || !asked.success) return reply.code(command ? 400 : 404).send();
    reply.hijack();
    await streamCommand({ command, ...asked.data, center, receipts, stream: reply.raw });
    return reply;
  });
  server.post<{ Params: { id: string } }>('/receipts/:id', (request, reply) => {
    const { failed } = receiptSchema.parse(request.body);
    return reply.code(receipts.arrived(request.params.id, failed) ? 204 : 404).send();
  });
}

const loopback = /^(?:localhost|\[?::1\]?|(?:::ffff:)?127(?:\.\d{1,3}){3})$/;

// A page can reach loopback addresses, by its own name even (DNS rebinding). Browsers mark what pages send.
function isLocalProgram({ headers, hostname, ip }: FastifyRequest): boolean {
  const browser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  return !browser && loopback.test(ip) && loopback.test(hostname);
}

/** Takes as long whatever is presented. */
function knows(token: string, { headers }: FastifyRequest): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
}
