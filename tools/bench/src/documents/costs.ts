import { z } from 'zod';
import type { BenchRecord } from '../record.js';

const sideSchema = z.object({
  cpuMicroseconds: z.number(),
  /** In the cheapest round. */
  leastCpuMicroseconds: z.number(),
  requestsPerSecond: z.number(),
  p99Milliseconds: z.number(),
});

export interface Cost extends z.output<typeof sideSchema> {
  readonly name: string;
}

/** What a request cost each server that was measured beside others, cheapest first. */
export function costsIn({ results }: BenchRecord): Cost[] {
  const costs = new Map<string, Cost>();
  for (const { detail } of results) {
    const sides = z.record(z.string(), sideSchema).safeParse(detail['sides']);
    for (const [name, side] of Object.entries(sides.data ?? {})) costs.set(name, { name, ...side });
  }
  return [...costs.values()].sort((a, b) => a.cpuMicroseconds - b.cpuMicroseconds);
}
