import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webhookEventTypes } from '#gatehouse/fusionauth';
import type { Sandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { call, configureTenant } from './started-sandbox.js';

export const webhookKeyId = '9b1d6c3e-2f47-4a80-b5e9-7c0d3f6a1e28';

export type SentEvent = Record<string, unknown> & { id: string; type: string; createInstant: number };

/** A received request and its event. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly event: SentEvent;
}

/** An HTTP server that receives webhooks. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Called for each request; by default it answers 200. */
  answer: (response: ServerResponse, received: Received) => unknown;
  stop(): Promise<void>;
}

export async function startedReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bytesOf(request);
      const { event } = JSON.parse(body.toString()) as { event: SentEvent };
      const one = { headers: request.headers, body, event };
      receiver.received.push(one);
      receiver.answer(response, one);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    received: [],
    answer: (response) => response.end(),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const allOf = <Value>(value: Value) => Object.fromEntries(webhookEventTypes.map((type) => [type, value]));

/** Creates a signed webhook for every tenant and every event, with `changes`; returns its id. */
export async function addWebhook(sandbox: Sandbox, url: string, changes: object = {}): Promise<string> {
  const { body, text } = await call(sandbox, 'POST', '/api/webhook', {
    webhook: {
      url,
      connectTimeout: 1000,
      readTimeout: 2000,
      global: true,
      eventsEnabled: allOf(true),
      signatureConfiguration: { enabled: true, signingKeyId: webhookKeyId },
      ...changes,
    },
  });
  const { id } = (body['webhook'] ?? {}) as { id?: string };
  if (id === undefined) throw new Error(`making a webhook failed: ${text}`);
  return id;
}

/** Makes the tenant send every event, with the given transaction type. */
export const sendEvents = (sandbox: Sandbox, transactionType = 'None') =>
  configureTenant(sandbox, {
    eventConfiguration: { events: allOf({ enabled: true, transactionType }) },
  });
