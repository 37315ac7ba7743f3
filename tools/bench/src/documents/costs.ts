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

/** Results whose servers took turns with each other; one measured apart belongs to another hour or machine. */
const sideBySide = ({ results }: BenchRecord) =>
  results.filter(({ detail }) => detail['measuredApart'] === undefined);

/** What a request cost each server that was measured beside others, cheapest first. */
export function costsIn(record: BenchRecord) {
  const all = sideBySide(record).flatMap(({ detail }) =>
    Object.entries(sidesSchema.safeParse(detail['sides']).data ?? {}),
  );
  const costs = [...new Map(all)].map(([name, side]) => ({ name, ...side }));
  return costs.sort((a, b) => a.cpuMicroseconds - b.cpuMicroseconds);
}

/** The usual ways to guard an API with JWTs, which ours is measured beside. */
const peers: readonly string[] = ['passport-jwt + jwks-rsa', 'express-oauth2-jwt-bearer', '@fastify/jwt'];

const comparisonsSchema = z.array(
  z.object({
    above: z.string(),
    below: z.string(),
    median: z.number(),
    min: z.number(),
    max: z.number(),
    counted: z.number(),
  }),
);

/** How many times our CPU time each peer takes for a request, in the same rounds. */
export const peersIn = (record: BenchRecord) =>
  sideBySide(record)
    .flatMap(({ detail }) => comparisonsSchema.safeParse(detail['comparisons']).data ?? [])
    .filter(({ above }) => peers.includes(above))
    .sort((a, b) => b.median - a.median);
