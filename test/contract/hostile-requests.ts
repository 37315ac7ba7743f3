import { request } from 'node:http';
import type { StrategyName } from '#gatehouse/auth';
import type { Mode } from './mode.js';

/** Returns a strategy that the mode does not use. */
export const otherStrategy = (mode: Mode): StrategyName => (mode.name === 'api-key' ? 'jwt' : 'api-key');

/** Returns a credential header of that strategy. */
export function otherKind(mode: Mode): Record<string, string> {
  return otherStrategy(mode) === 'jwt'
    ? { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.c2ln' }
    : { 'x-api-key': 'a-well-formed-key-of-another-kind' };
}

/** Sends the credential headers of both, one after the other, as no well-behaved client would. */
export function twice(
  url: string,
  one: Readonly<Record<string, string>>,
  two: Readonly<Record<string, string>>,
): Promise<[number, string]> {
  const headers = [...Object.entries(one), ...Object.entries(two)].flat();
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/todos`, { headers: ['host', 'api', ...headers] }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve([response.statusCode ?? 0, (JSON.parse(text) as { code: string }).code]),
      );
    });
    sent.on('error', reject).end();
  });
}
