import { z } from 'zod';
import type { BenchRecord } from '../record.js';

const sidesSchema = z.record(
  z.string(),
  z.object({
    cpuMicroseconds: z.number(),
    /** In the cheapest round. */
    leastCpuMicroseconds: z.number(),
    requestsPerSecond: z.number(),
    p99Ms: z.number(),
  }),
);

/** What a request cost each server that was measured beside others, cheapest first. */
export function costsIn({ results }: BenchRecord) {
  const all = results.flatMap(({ detail }) =>
    Object.entries(sidesSchema.safeParse(detail['sides']).data ?? {}),
  );
  const costs = [...new Map(all)].map(([name, side]) => ({ name, ...side }));
  return costs.sort((a, b) => a.cpuMicroseconds - b.cpuMicroseconds);
}
