import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { rounded } from '../../../measure/src/statistics.js';
import { goals } from '../goals.js';
import type { Result } from '../outcome.js';
import type { BenchRecord } from '../record.js';
import { costsIn, peersIn } from './costs.js';
import { picture } from './picture.js';

/** The reason why a goal is missed, by goal: written by hand, from profiles. */
export type Shortfalls = Readonly<Record<string, string>>;

const markdown = new Eta({ views: import.meta.dirname, autoEscape: false, autoTrim: false });

/** Writes performance.md and performance.svg in `directory` from the two JSON files there. */
export async function writeDocuments(directory: string): Promise<void> {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), 'utf8'));
  const record = read('performance.json') as BenchRecord;
  writeFileSync(
    join(directory, 'performance.md'),
    report(record, read('performance-shortfalls.json') as Shortfalls),
  );
  writeFileSync(join(directory, 'performance.svg'), await picture(record));
}

/** Renders docs/performance.md from the record of a run. */
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
    coldStarts: results.find(({ id }) => id === 'G20')?.detail['coldStartMs'] ?? [],
    costs: costsIn(record),
    peers: peersIn(record),
  });
}

/** Returns the range of a goal's first comparison, if it has one. */
function rangeOf({ detail }: Result): string {
  const [first] = (detail['comparisons'] ?? []) as { min: number; max: number; counted: number }[];
  return first?.counted ? `${first.min} to ${first.max}, ${first.counted} rounds` : '';
}
