import { onSchedule } from '../../../../measure/src/load.js';
import { open, type Server } from './server.js';

/** Requests per second, and the time that one server is measured before the next one. */
export const latencyRate = 400;
const turnMs = 500;

/**
 * Measures the milliseconds since each request was due, at a fixed rate, alternating between the servers; by the id of
 * the mode.
 */
export async function latencies(servers: readonly Server[], turns: number) {
  const taken = new Map<string, number[]>();
  for (let turn = 0; turn < turns; turn += 1) {
    for (const { mode, url, known } of servers) {
      const hits = await onSchedule({
        url,
        requests: known,
        rate: latencyRate,
        durationMs: turnMs,
        inFlight: 32,
      });
      const id = mode?.id ?? open;
      // The first requests open the connections.
      const counted = hits.filter(({ dueMs }) => dueMs > 100).map(({ latencyMs }) => latencyMs);
      taken.set(id, [...(taken.get(id) ?? []), ...counted]);
    }
  }
  return taken;
}
