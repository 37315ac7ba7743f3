import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goalIds } from '../goals.js';
import type { BenchRecord } from '../record.js';
import { costsIn, peersIn } from './costs.js';
import { report as render, type Shortfalls } from './documents.js';
import { picture } from './picture.js';

const docs = join(import.meta.dirname, '..', '..', '..', '..', 'docs');
const read = (name: string) => readFileSync(join(docs, name), 'utf8');
const record = JSON.parse(read('performance.json')) as BenchRecord;
const shortfalls = JSON.parse(read('performance-shortfalls.json')) as Shortfalls;
const report = (of: BenchRecord) => render(of, shortfalls);

describe('docs/performance', () => {
  it('has the document and the picture of its record: npm run bench -- --docs', async () => {
    expect(read('performance.md')).toBe(report(record));
    expect(read('performance.svg')).toBe(await picture(record));
  });

  it('records every goal once', () => {
    expect(record.results.map(({ id }) => id).sort()).toEqual([...goalIds].sort());
  });

  it('gives the aim, the figure and the verdict of each goal', () => {
    const [first] = record.results;
    const missed: BenchRecord = { ...record, results: [{ ...first!, id: 'G1', value: 0.71, ok: false }] };
    expect(report(missed)).toMatch(/\| G1 \| .* \| 0.71 .* \| \*\*missed\*\* \|/);
    expect(report(missed)).toContain('- **G1**: ');
    expect(report({ ...record, results: [] })).toContain('No goal is missed.');
  });

  it('draws bars in proportion to the costs', async () => {
    const others = { leastCpuMicroseconds: 1, requestsPerSecond: 1, p99Ms: 1 };
    const cost = (cpuMicroseconds: number) => ({ cpuMicroseconds, ...others });
    const sides = { 'passport-jwt + jwks-rsa': cost(200), Gatehouse: cost(25) };
    const drawn: BenchRecord = { ...record, results: [{ ...record.results[0]!, detail: { sides } }] };
    const bars = /d="M0,[\d.]+h([\d.]+)v[\d.]+h-[\d.]+Z" fill="var\(--chart-(\d)\)"/g;
    const drawing = await picture(drawn);
    // Ours has the first colour, peers have the fifth.
    expect([...drawing.matchAll(bars)].map(([, width, colour]) => [Number(width), colour])).toEqual([
      [50, '1'],
      [400, '5'],
    ]);
    expect(costsIn(drawn).map(({ name }) => name)).toEqual(['Gatehouse', 'passport-jwt + jwks-rsa']);
  });

  it('starts with our guard beside its peers, without what was measured separately', () => {
    expect(report(record).indexOf('| Peer |')).toBeLessThan(report(record).indexOf('| Goal |'));
    expect(peersIn(record).map(({ above }) => above)).toContain('passport-jwt + jwks-rsa');
    const apart = record.results.map((result) => ({
      ...result,
      detail: { ...result.detail, measuredApart: {} },
    }));
    expect([costsIn({ ...record, results: apart }), peersIn({ ...record, results: apart })]).toEqual([
      [],
      [],
    ]);
  });
});
