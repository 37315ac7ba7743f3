import { goals, type Result } from '../goals.js';
import type { BenchRecord } from '../record.js';
import { rounded } from '../statistics.js';
import { costsIn } from './costs.js';
import { howMeasured } from './how-measured.js';
import { shortfalls } from './shortfalls.js';

/** docs/performance.md, from the record of a run. */
export function report(record: BenchRecord): string {
  const { machine, node, commit, results } = record;
  const missed = results.filter(({ ok }) => ok === false);
  const undecided = results.filter(({ ok }) => ok === null);
  return `# Performance

Made by \`npm run bench -- --docs\` from [performance.json](performance.json); do not edit.

![What one guarded request costs the server, in microseconds of CPU](performance.svg)

Node ${node}, commit ${commit}, ${machine}.

The figures in microseconds belong to that machine and hour; the ratios, taken side by side, are what to hold on to.

## Goals

${table([
  ['Goal', 'What', 'Aim', 'Value', 'Lowest and highest', ''],
  ...results.map((result) => [
    result.id,
    goals[result.id].title,
    result.goal,
    result.value === null ? '' : `${rounded(result.value)} ${result.unit}`,
    rangeOf(result),
    result.ok === null ? 'not decided' : result.ok ? 'met' : '**missed**',
  ]),
])}

${missed.length === 0 ? 'None is missed.' : `Missed, and why:\n\n${missed.map(explained).join('\n')}`}
${undecided.length === 0 ? '' : `\nNot decided:\n\n${undecided.map(({ id, detail }) => `- **${id}**: ${detail.reason ?? ''}`).join('\n')}\n`}
## What a request costs

${table([
  ['Server', 'CPU µs a request', 'in the best round', 'Requests a second', 'p99 ms'],
  ...costsIn(record).map((cost) => [
    cost.name,
    String(cost.cpuMicroseconds),
    String(cost.leastCpuMicroseconds),
    String(cost.requestsPerSecond),
    String(cost.p99Milliseconds),
  ]),
])}

${howMeasured}`;
}

/** Of the first comparison of a goal that has one. */
function rangeOf({ detail }: Result): string {
  const [first] = (detail['comparisons'] ?? []) as { min: number; max: number; counted: number }[];
  return first?.counted ? `${first.min} to ${first.max}, ${first.counted} rounds` : '';
}

const explained = ({ id, detail }: Result): string =>
  `- **${id}**: ${detail.reason ?? shortfalls[id] ?? 'see the detail of the record.'}`;

const table = (rows: readonly (readonly string[])[]): string =>
  rows
    .flatMap((row, index) => [
      `| ${row.join(' | ')} |`,
      ...(index === 0 ? [`| ${row.map(() => '---').join(' | ')} |`] : []),
    ])
    .join('\n');
