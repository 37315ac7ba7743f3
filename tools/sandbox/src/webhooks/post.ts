import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isLoopback } from '#gatehouse/platform';
import type { WebhookRecord } from '../state/state.js';
import type { WebhookCallResponse } from '../wire.js';

const notThisMachine =
  'The sandbox sends events to this machine only: use a loopback address such as http://127.0.0.1:3000.';

/**
 * Returns whether the sandbox sends to `url`: only to loopback addresses, since its events contain generated secrets.
 */
export const isOnThisMachine = (url: string): boolean => isLoopback(new URL(url).hostname);

export const isSuccess = ({ statusCode = 0 }: WebhookCallResponse): boolean =>
  statusCode >= 200 && statusCode <= 299;

/**
 * Posts an event to a webhook, with its headers and Basic credentials. Resolves with the status, or with the exception
 * that prevented one; never rejects. A redirect is a status like any other. Uses a connection of its own, which does
 * not keep the process alive.
 */
export async function post(
  webhook: WebhookRecord,
  body: Buffer,
  signature: string | undefined,
  signal: AbortSignal,
): Promise<WebhookCallResponse> {
  const { url } = webhook;
  if (!isOnThisMachine(url)) return { url, exception: notThisMachine };
  try {
    return { url, statusCode: await statusOf(webhook, body, signature, signal) };
  } catch (error) {
    return { url, exception: (error as Error).message };
  }
}

function statusOf(
  webhook: WebhookRecord,
  body: Buffer,
  signature: string | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  const send = webhook.url.startsWith('https:') ? httpsRequest : httpRequest;
  const headers = { ...headersOf(webhook, signature), 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const sent = send(webhook.url, { method: 'POST', agent: false, headers, signal });
    limit(sent, webhook);
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.on('error', reject);
      response.on('end', () => resolve(response.statusCode));
      response.resume();
    });
    sent.end(body);
  });
}

function headersOf(webhook: WebhookRecord, signature: string | undefined): Record<string, string> {
  const { httpAuthenticationUsername: name, httpAuthenticationPassword: password = '' } = webhook;
  return {
    ...(webhook.headers as Record<string, string> | undefined),
    ...(name ? { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` } : {}),
    'content-type': 'application/json',
    ...(signature === undefined ? {} : { 'X-FusionAuth-Signature-JWT': signature }),
  };
}

/**
 * Applies `connectTimeout` until there is a connection, and `readTimeout` to every wait after that, both in
 * milliseconds.
 */
function limit(sent: ClientRequest, { connectTimeout, readTimeout }: WebhookRecord): void {
  const connecting = setTimeout(() => sent.destroy(new Error('Connect timed out')), connectTimeout).unref();
  sent.on('close', () => clearTimeout(connecting));
  sent.on('socket', (socket) => {
    socket.unref();
    socket.on('connect', () => {
      clearTimeout(connecting);
      socket.setTimeout(readTimeout, () => sent.destroy(new Error('Read timed out')));
    });
  });
}
