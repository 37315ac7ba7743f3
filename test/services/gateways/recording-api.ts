import { once } from 'node:events';
import { createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { localUrl } from '#gatehouse/platform';
import type { Header } from './client.js';

/** A request as received. */
export interface Arrived {
  readonly method: string;
  /** The target of the request line, byte for byte. */
  readonly target: string;
  readonly headers: readonly Header[];
  readonly bodyBytes: number;
  /** False when the gateway aborted it. */
  readonly isWhole: boolean;
}

export interface RecordingApi {
  readonly url: string;
  /** Returns the requests since the last call, or since the start. */
  readonly take: () => readonly Arrived[];
  readonly close: () => Promise<void>;
}

/**
 * Records every request, on a free port of `host`. It passes on the answer of the server `behind` it, header for header; without
 * one it answers 200 with some JSON. It answers an upgrade so that a test can see it.
 */
export async function startRecordingApi(behind?: string, host = '127.0.0.1'): Promise<RecordingApi> {
  const arrived: Arrived[] = [];
  const record = (request: IncomingMessage, bodyBytes: number) => {
    const { method = '', url = '', rawHeaders, complete: isWhole } = request;
    const headers = rawHeaders.flatMap((name, at): Header[] =>
      at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? '']] : [],
    );
    arrived.push({ method, target: url, headers, bodyBytes, isWhole });
  };
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
    void bodyOf(request).then((body) => {
      record(request, body.length);
      if (behind === undefined) answer(response);
      else passOn(request, body, behind, response);
    });
  });
  server.on('upgrade', (request, socket) => {
    record(request, 0);
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  server.keepAliveTimeout = 0;
  await once(server.listen(0, host), 'listening');
  return {
    url: localUrl(host, (server.address() as AddressInfo).port),
    take: () => arrived.splice(0),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // The client disconnected; its request counts nevertheless.
  }
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse): void {
  const body = JSON.stringify({ answeredBy: 'the API' });
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
}

function passOn(request: IncomingMessage, body: Buffer, behind: string, response: ServerResponse): void {
  const { method, rawHeaders: headers } = request;
  const { hostname, port } = new URL(behind);
  const passed = ask({ hostname, port, method, path: request.url, headers, agent: false }, (answered) => {
    response.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
    answered.pipe(response);
  });
  passed.on('error', () => response.destroy());
  passed.end(body);
}
