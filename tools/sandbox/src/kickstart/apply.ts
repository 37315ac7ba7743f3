import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Kickstart, Values } from '#gatehouse/fusionauth/kickstart';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { State } from '../state/state.js';
import type { ErrorsBody } from '../wire.js';

/** Puts the file's API keys into an empty instance; no request creates them. */
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

/**
 * Sends the file's requests, in order, to the server itself, with the first API key. Throws {@link ExitError} 78 for
 * the first refused one, without the values of `secrets`.
 */
export async function sendRequests(
  server: FastifyInstance,
  { apiKeys, requests }: Kickstart,
  secrets: Values,
): Promise<void> {
  for (const [index, { method, url, tenantId, contentType, body }] of requests.entries()) {
    const answer = await server.inject({
      method,
      url,
      headers: {
        authorization: apiKeys[0]?.key ?? '',
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
        ...(tenantId === undefined ? {} : { 'x-fusionauth-tenantid': tenantId }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    if (answer.statusCode < 300) continue;
    const message =
      `Kickstart request ${index + 1} of ${requests.length}, ${method} ${url}, ` +
      `was refused with ${answer.statusCode}${describeErrors(answer.body)}`;
    throw new ExitError(withoutSecrets(message, secrets), exitCodes.badConfiguration);
  }
}

/** Returns the errors of an answer, by field. */
function describeErrors(body: string): string {
  if (body === '') return ' and an empty body.';
  try {
    const { fieldErrors = {}, generalErrors = [] } = JSON.parse(body) as ErrorsBody;
    const byField = Object.entries(fieldErrors).flatMap(([field, errors]) =>
      (errors ?? []).map(({ code, message }) => `${field} (${code}): ${message}`),
    );
    const all = [...byField, ...generalErrors.map(({ code, message }) => `${code} ${message}`)];
    return all.length === 0 ? `: ${body}` : `: ${all.join(' ')}`;
  } catch {
    return `: ${body}`;
  }
}

/** The length from which a value counts as secret: a shorter one would be found in many other words. */
const minimumSecretLength = 8;

function withoutSecrets(message: string, secrets: Values): string {
  return Object.entries(secrets)
    .filter(([, value]) => value.length >= minimumSecretLength)
    .sort(([, left], [, right]) => right.length - left.length)
    .reduce((text, [name, value]) => text.replaceAll(value, `#{ENV.${name}}`), message);
}
