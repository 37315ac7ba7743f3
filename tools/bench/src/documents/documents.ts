import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { z } from 'zod';
import { rounded } from '../../../measure/src/statistics.js';
import { goals } from '../goals.js';
import type { Result } from '../outcome.js';
import type { BenchRecord } from '../record.js';

/** Why a goal is missed when it is, by goal: written by hand, from profiles. */
export type Shortfalls = Readonly<Record<string, string>>;

const markdown = new Eta({ views: import.meta.dirname, autoEscape: false, autoTrim: false });
const svg = new Eta({ views: import.meta.dirname, autoTrim: false });

/** Makes performance.md and performance.svg in `directory` from the two JSON files there. */
export function writeDocuments(directory: string): void {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), 'utf8'));
  const record = read('performance.json') as BenchRecord;
  writeFileSync(
    join(directory, 'performance.md'),
    report(record, read('performance-shortfalls.json') as Shortfalls),
  );
  writeFileSync(join(directory, 'performance.svg'), picture(record));
}

/** docs/performance.md, from the record of a run. */
export function report(record: BenchRecord, shortfalls: Shortfalls): string {
  const { results } = record;
  const missed = results.filter(({ ok }) => ok === false);
  return markdown.render('./performance', {
    ...record,
    goals: results.map((result) => [
      result.id,
      goals[result.id].title,
      result.goal,
      result.value === null ? '' : `${rounded(result.value)} ${result.unit}`,
      rangeOf(result),
      result.ok === null ? 'not decided' : result.ok ? 'met' : '**missed**',
    ]),
    missed: missed.map(({ id, detail }) => [
      id,
      detail.reason ?? shortfalls[id] ?? 'see the detail of the record.',
    ]),
    undecided: results.filter(({ ok }) => ok === null).map(({ id, detail }) => [id, detail.reason ?? '']),
    costs: costsIn(record),
  });
}

/** Of the first comparison of a goal that has one. */
function rangeOf({ detail }: Result): string {
  const [first] = (detail['comparisons'] ?? []) as { min: number; max: number; counted: number }[];
  return first?.counted ? `${first.min} to ${first.max}, ${first.counted} rounds` : '';
}

/** Servers of the picture and their labels; the others are in the table. */
const shown: Readonly<Record<string, { label: string; kind: 'open' | 'ours' | 'peer' }>> = {
  'NestJS on Fastify, unguarded': { label: 'NestJS on Fastify, no guard', kind: 'open' },
  Gatehouse: { label: 'Gatehouse', kind: 'ours' },
  'Gatehouse, new tokens': { label: 'Gatehouse, every token new', kind: 'ours' },
  'Gatehouse on Express': { label: 'Gatehouse, NestJS on Express', kind: 'ours' },
  '@fastify/jwt': { label: '@fastify/jwt with cache, bare Fastify', kind: 'peer' },
  'passport-jwt + jwks-rsa': { label: 'passport-jwt + jwks-rsa, NestJS on Fastify', kind: 'peer' },
  'express-oauth2-jwt-bearer': { label: 'express-oauth2-jwt-bearer, Express', kind: 'peer' },
};

/** The cost of a guarded request as bars, readable on light and on dark ground. */
export function picture(record: BenchRecord): string {
  const costs = costsIn(record).filter(({ name }) => shown[name]);
  const most = Math.max(...costs.map(({ cpuMicroseconds }) => cpuMicroseconds));
  return svg.render('./picture', {
    bars: costs.map(({ name, cpuMicroseconds }) => ({
      ...shown[name],
      microseconds: Math.round(cpuMicroseconds),
      share: cpuMicroseconds / most,
    })),
    node: record.node.slice(1),
    processor: record.machine.split(',')[0] ?? '',
  });
}

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
