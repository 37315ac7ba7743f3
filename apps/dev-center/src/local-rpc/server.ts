import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { exitCodes, ExitError, isLocalProgram, listensAt, sameSecret } from '#gatehouse/platform';
import type { Command, CommandIO } from '../commands/command.js';
import type { CommandContext } from '../context.js';
import {
  proofOf,
  receiptSchema,
  requestSchema,
  revealed,
  type RpcAddress,
  type RpcEvent,
} from './protocol.js';
import { Receipts } from './receipts.js';

export interface RpcOptions {
  readonly host: string;
  readonly port: number;
  readonly context: CommandContext;
  readonly commands: Readonly<Record<string, Command>>;
  /** Adds public pages. */
  readonly pages?: (server: FastifyInstance) => void;
}

export interface RpcServer {
  readonly address: RpcAddress;
  close(): Promise<void>;
}

/**
 * Lets programs on this machine run commands in this process, which alone can use the embedded database: only
 * programs that know the token, and no browser. Throws an ExitError 4 if the port is in use.
 */
export async function startRpcServer(options: RpcOptions): Promise<RpcServer> {
  const { host, port, context } = options;
  const token = randomBytes(32).toString('base64url');
  const server = fastify({ forceCloseConnections: true });
  server.get('/livez', () => ({ status: 'ok' }));
  server.get<{ Params: { challenge: string } }>('/proof/:challenge', async (request, reply) => {
    const { challenge } = request.params;
    return isLocalProgram(request) ? proofOf(token, challenge) : reply.code(403).send();
  });
  options.pages?.(server);
  void server.register((guarded, _options, done) => {
    guarded.addHook('onRequest', async (request, reply) => {
      if (!isLocalProgram(request)) await reply.code(403).send();
      else if (!knows(token, request)) await reply.code(401).send();
    });
    addRoutes(guarded, options);
    done();
  });
  const url = await listensAt(server.server, { port }, server.listen({ port, host }));
  const { FUSIONAUTH_URL: fusionauthUrl, WEBHOOK_URL: webhookUrl } = context.config;
  const address = { url, token, fusionauthUrl, webhookUrl };
  return { address, close: () => server.close() };
}

function addRoutes(server: FastifyInstance, { context, commands }: RpcOptions): void {
  const receipts = new Receipts();
  server.post<{ Params: { name: string } }>('/commands/:name', async (request, reply) => {
    const { name } = request.params;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    const asked = requestSchema.safeParse(request.body);
    if (!command || !asked.success) return reply.code(command ? 400 : 404).send();
    reply.hijack();
    await streamCommand({ command, request: asked.data, context, receipts, stream: reply.raw });
    return reply;
  });
  server.post<{ Params: { id: string } }>('/receipts/:id', (request, reply) => {
    const { failed } = receiptSchema.parse(request.body);
    return reply.code(receipts.arrived(request.params.id, failed) ? 204 : 404).send();
  });
}

interface StreamedCommand {
  readonly command: Command;
  readonly request: z.output<typeof requestSchema>;
  readonly context: CommandContext;
  readonly receipts: Receipts;
  readonly stream: ServerResponse;
}

/** Node's fetch gives up after 5 minutes without a byte, and a person may take longer to approve a device. */
const aliveEveryMs = 30_000;

/** Runs a command and writes its events to the stream. Never throws. */
async function streamCommand(options: StreamedCommand): Promise<void> {
  const { command, request, context, receipts, stream } = options;
  const callerLeft = new AbortController();
  stream.on('close', () => callerLeft.abort());
  stream.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  const alive = setInterval(() => stream.write('\n'), aliveEveryMs);
  const write = (event: RpcEvent) => void stream.write(`${JSON.stringify(event)}\n`);
  const io: CommandIO = {
    actor: request.actor,
    report: (report) => write({ report }),
    showApproval: (approval) => write({ approval }),
    signal: callerLeft.signal,
    async deliver(handOver) {
      const { id: receipt, arrival } = receipts.expect(callerLeft.signal);
      write({ receipt, handOver: revealed(handOver) });
      await arrival;
    },
  };
  try {
    write({ result: { ...(await command.execute(request.args, context, io)) } });
  } catch (error) {
    write({ error: failureOf(error, context) });
  }
  clearInterval(alive);
  stream.end();
}

function failureOf(error: unknown, { log }: CommandContext): { message: string; exitCode: number } {
  if (error instanceof ExitError) return { message: error.message, exitCode: error.exitCode };
  log.error({ err: error }, 'a command failed unexpectedly');
  const message = `The command failed unexpectedly (${(error as Error).message}); the log of the Dev Center has more.`;
  return { message, exitCode: exitCodes.workHeld };
}

const knows = (token: string, { headers }: FastifyRequest): boolean =>
  sameSecret(headers.authorization ?? '', `Bearer ${token}`);
