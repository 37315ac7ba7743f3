import type { BenchRecord } from '../record.js';
import { costsIn } from './costs.js';

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

const row = 34;
const top = 64;
const left = 300;
const longest = 400;

/** The cost of a guarded request as bars, readable on light and on dark ground. */
export function picture(record: BenchRecord): string {
  const costs = costsIn(record).filter(({ name }) => shown[name]);
  const most = Math.max(...costs.map(({ cpuMicroseconds }) => cpuMicroseconds));
  const height = top + costs.length * row + 40;
  const bars = costs.map(({ name, cpuMicroseconds }, index) => {
    const { label = '', kind = 'peer' } = shown[name] ?? {};
    const y = top + index * row;
    const width = Math.max(2, Math.round((longest * cpuMicroseconds) / most));
    return [
      `  <text class="label ${kind}" x="${left - 12}" y="${y + 16}" text-anchor="end">${label}</text>`,
      `  <rect class="${kind}" x="${left}" y="${y}" width="${width}" height="22" rx="3"/>`,
      `  <text class="value" x="${left + width + 8}" y="${y + 16}">${Math.round(cpuMicroseconds)} µs</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 ${height}" role="img" aria-labelledby="title">
  <title id="title">What one guarded request costs the server: ${costs.map(({ name, cpuMicroseconds }) => `${shown[name]?.label ?? name} ${Math.round(cpuMicroseconds)} µs`).join('; ')}</title>
  <style>
    text { font: 14px system-ui, sans-serif; fill: #24292f }
    .heading { font-size: 18px; font-weight: 600 }
    .note, .value { fill: #57606a }
    .label.ours { font-weight: 600 }
    rect.open { fill: #afb8c1 } rect.ours { fill: #1a7f5a } rect.peer { fill: #8c6fb5 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .note, .value { fill: #9da7b1 }
      rect.open { fill: #6e7681 } rect.ours { fill: #3fb68b } rect.peer { fill: #a48bd0 }
    }
  </style>
  <text class="heading" x="20" y="30">What one guarded request costs the server</text>
  <text class="note" x="20" y="50">CPU microseconds, whole request, RS256 tokens; less is better</text>
${bars.join('\n')}
  <text class="note" x="20" y="${height - 14}">Node ${record.node.slice(1)}, ${escaped(record.machine.split(',')[0] ?? '')}; medians of interleaved rounds</text>
</svg>
`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
