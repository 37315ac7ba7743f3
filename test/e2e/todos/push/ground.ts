import { setTimeout as delay } from 'node:timers/promises';
import { callAdmin } from '../../../contract/contract-world.js';
import type { Issued } from '../../../contract/mode.js';
import { accessTokenOf, issueAccessToken } from '../../../contract/people.js';
import { apiClient } from '../../../support/api-client.js';
import type { World } from '../../../support/start-world.js';

/** A world in which tests change FusionAuth, and people who have tokens. */
export function fusionAuthOf({ sandbox }: Pick<World, 'sandbox'>) {
  const world = {
    sandbox,
    admin: <T>(method: string, path: string, body?: unknown) => callAdmin<T>(sandbox, method, path, body),
  };
  return {
    ...world,
    world,
    newcomer: () => issueAccessToken(world),
    /** Returns a token of a new log-in of the same person, issued the given milliseconds later. */
    async logInAfter(ms: number, { userId = '', email = '', password = '' }: Issued): Promise<Issued> {
      await delay(ms);
      return accessTokenOf(world, { userId, email, password, authenticationToken: undefined });
    },
  };
}

/** Returns the status with which the API at `url` answers a token. */
export const statusOf = async (url: string, { headers }: Issued): Promise<number> =>
  (await apiClient(url)('GET', '/me', { headers })).status;

/** Posts a body to the API as a webhook; without a signature if `signature` is undefined. */
export async function deliver(
  url: string,
  { body, signature }: { readonly body: Buffer; readonly signature: string | undefined },
): Promise<{ status: number; code: string | undefined }> {
  const answer = await fetch(`${url}/webhooks/fusionauth`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(signature === undefined ? {} : { 'x-fusionauth-signature-jwt': signature }),
    },
    body,
  });
  const text = await answer.text();
  return { status: answer.status, code: text ? (JSON.parse(text) as { code: string }).code : undefined };
}

/** Resolves with the milliseconds until `ask` returned `wanted`; fails after `ms`. */
export async function within(ms: number, ask: () => Promise<unknown>, wanted: unknown): Promise<number> {
  const began = performance.now();
  for (;;) {
    const got = await ask();
    const took = performance.now() - began;
    if (got === wanted) return took;
    if (took > ms) throw new Error(`still ${String(got)} after ${Math.round(took)} ms`);
    await delay(10);
  }
}

/** Returns the value of a metric with these labels; 0 if it was never counted. */
export async function metric({ api }: World, name: string): Promise<number> {
  const lines = (await (await fetch(api.metricsUrl)).text()).split('\n');
  return Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1] ?? 0);
}
