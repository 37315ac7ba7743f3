import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Kickstart } from '#gatehouse/fusionauth/kickstart';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { State } from '../state/state.js';

/** Puts the file's API keys into an empty instance; they have no request of their own. */
export function addApiKeys(state: State, { apiKeys }: Kickstart, now: number): void {
  for (const { description, ...apiKey } of apiKeys) {
    const id = randomUUID();
    state.apiKeys.set(id, {
      ...apiKey,
      id,
      keyManager: apiKey.keyManager ?? false,
      retrievable: apiKey.retrievable ?? true,
      insertInstant: now,
      lastUpdateInstant: now,
      effectiveAt: now,
      ...(description === undefined ? {} : { metaData: { attributes: { description } } }),
    });
  }
}

/** Sends the file's requests, in order, to the server itself, with the first API key. Throws {@link ExitError} 78. */
export async function sendRequests(server: FastifyInstance, { apiKeys, requests }: Kickstart): Promise<void> {
  for (const [index, { method, url, tenantId, contentType, body }] of requests.entries()) {
    const answer = await server.inject({
      method,
      url,
      headers: {
        authorization: apiKeys[0]?.key ?? '',
        'content-type': contentType ?? 'application/json',
        ...(tenantId === undefined ? {} : { 'x-fusionauth-tenantid': tenantId }),
      },
      payload: JSON.stringify(body ?? {}),
    });
    if (answer.statusCode >= 300) {
      throw new ExitError(
        `Kickstart request ${index + 1}, ${method} ${url}, was refused with ${answer.statusCode}: ${answer.body}`,
        exitCodes.badConfiguration,
      );
    }
  }
}
