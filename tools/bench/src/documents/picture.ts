import type { TopLevelSpec } from 'vega-lite';
import { draw, ink, pictureFile, series } from '../../../measure/src/picture/draw.js';
import type { BenchRecord } from '../record.js';
import { costsIn } from './costs.js';

type Kind = 'open' | 'ours' | 'peer';

/** Servers in the picture and their labels; the others are in the table. */
const shown: Readonly<Record<string, { label: string; kind: Kind }>> = {
  'NestJS on Fastify, unguarded': { label: 'NestJS on Fastify, no guard', kind: 'open' },
  Gatehouse: { label: 'Gatehouse', kind: 'ours' },
  'Gatehouse, new tokens': { label: 'Gatehouse, every token new', kind: 'ours' },
  'Gatehouse on Express': { label: 'Gatehouse, NestJS on Express', kind: 'ours' },
  '@fastify/jwt': { label: '@fastify/jwt with cache, bare Fastify', kind: 'peer' },
  'passport-jwt + jwks-rsa': { label: 'passport-jwt + jwks-rsa, NestJS on Fastify', kind: 'peer' },
  'express-oauth2-jwt-bearer': { label: 'express-oauth2-jwt-bearer, Express', kind: 'peer' },
};

const colours: Readonly<Record<Kind, string>> = {
  open: series[7],
  ours: series[0],
  peer: series[4],
};

interface Bar {
  readonly label: string;
  readonly kind: Kind;
  readonly microseconds: number;
  readonly figure: string;
}

/** Draws the cost of a guarded request as bars, readable on light and dark backgrounds. */
export async function picture(record: BenchRecord): Promise<string> {
  const bars = costsIn(record).flatMap(({ name, cpuMicroseconds }) => {
    const server = shown[name];
    const microseconds = Math.round(cpuMicroseconds);
    return server ? { ...server, microseconds, figure: `${microseconds} µs` } : [];
  });
  const figures = bars.map(({ label, microseconds }) => `${label} ${microseconds} µs`);
  const title = `What one guarded request costs the server: ${figures.join('; ')}`;
  return pictureFile(await draw(title, chartOf(bars, record)));
}

function chartOf(bars: readonly Bar[], record: BenchRecord): TopLevelSpec {
  return {
    data: { values: [...bars] },
    width: 400,
    height: { step: 34 },
    title: titleOf(record),
    encoding: {
      y: { field: 'label', type: 'nominal', sort: null, title: null, axis: axisOf(bars) },
      x: { field: 'microseconds', type: 'quantitative', axis: null },
    },
    layer: [
      {
        mark: { type: 'bar', height: 22 },
        encoding: {
          color: {
            field: 'kind',
            type: 'nominal',
            scale: { domain: Object.keys(colours), range: Object.values(colours) },
            legend: null,
          },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 8 },
        encoding: { text: { field: 'figure', type: 'nominal' } },
      },
    ],
  };
}

const titleOf = ({ node, machine }: BenchRecord) =>
  ({
    text: 'What one guarded request costs the server',
    subtitle: [
      'CPU microseconds, whole request, RS256 tokens; less is better',
      `Node ${node.slice(1)}, ${machine.split(',')[0] ?? ''}; medians of interleaved rounds`,
    ] as string[],
    anchor: 'start',
    frame: 'bounds',
    color: ink,
    subtitleColor: ink,
    fontSize: 18,
    subtitleFontSize: 13,
    offset: 14,
  }) as const;

/** Draws the names of servers, ours in bold. */
function axisOf(bars: readonly Bar[]) {
  const ours = bars.filter(({ kind }) => kind === 'ours').map(({ label }) => label);
  const test = `indexof(${JSON.stringify(ours)}, datum.value) >= 0`;
  return {
    domain: false,
    ticks: false,
    labelFontWeight: { condition: { test, value: 'bold' }, value: 'normal' },
  } as const;
}
