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

/**
 * Returns results whose servers alternated with each other; one measured separately was measured at another time or on
 * another machine.
 */
const sideBySide = ({ results }: BenchRecord) =>
  results.filter(({ detail }) => detail['measuredApart'] === undefined);

/** Returns the cost of a request for each server that was measured beside others, cheapest first. */
export function costsIn(record: BenchRecord) {
  const all = sideBySide(record).flatMap(({ detail }) =>
    Object.entries(sidesSchema.safeParse(detail['sides']).data ?? {}),
  );
  const costs = [...new Map(all)].map(([name, side]) => ({ name, ...side }));
  return costs.sort((a, b) => a.cpuMicroseconds - b.cpuMicroseconds);
}

/** The usual ways to guard an API with JWTs, measured beside ours. */
const peers: readonly string[] = ['passport-jwt + jwks-rsa', 'express-oauth2-jwt-bearer', '@fastify/jwt'];

const comparisonsSchema = z.array(
  z.object({
    /** `A / B`: the two servers compared. */
    figure: z.string(),
    median: z.number(),
    min: z.number(),
    max: z.number(),
    counted: z.number(),
  }),
);

/** Returns each peer's CPU time per request as a multiple of ours, in the same rounds. */
export const peersIn = (record: BenchRecord) =>
  sideBySide(record)
    .flatMap(({ detail }) => comparisonsSchema.safeParse(detail['comparisons']).data ?? [])
    .map(({ figure, ...rest }) => {
      const [above = '', below = ''] = figure.split(' / ');
      return { above, below, ...rest };
    })
    .filter(({ above }) => peers.includes(above))
    .sort((a, b) => b.median - a.median);
