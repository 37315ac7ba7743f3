import type { Headers } from './made-up.js';

/** Returns the status of one request to an API. */
export async function statusOf(url: string, headers: Headers, method = 'GET'): Promise<number> {
  const answer = await fetch(url, { method, headers, signal: AbortSignal.timeout(10_000) });
  await answer.arrayBuffer();
  return answer.status;
}
