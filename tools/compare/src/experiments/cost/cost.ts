import {
  meanWithInterval,
  median,
  quantileWithInterval,
  rounded,
} from '../../../../measure/src/statistics.js';
import type { Experiment, Finding, RowPlan } from '../../experiment.js';
import { type Mode, modes } from '../../modes.js';
import { bytesOf } from './bytes.js';
import { open, type Slice } from './server.js';
import { type Extent, latencyRate, measureSlices, type Slices } from './slices.js';

const usual: Extent = {
  starts: 3,
  knownSlices: 8,
  newSlices: 6,
  sliceMs: 150,
  warmUpMs: 800,
  strangers: 6_000,
  latencySlices: 5,
};
const full: Extent = {
  ...usual,
  starts: 8,
  knownSlices: 30,
  newSlices: 8,
  strangers: 12_000,
  latencySlices: 30,
};

/** With fewer slices the intervals are too wide to use. */
const enoughSlices = 12;

const inTurns = `The servers take turns in slices of ${usual.sliceMs} ms, each alone on the machine; each server is started ${usual.starts} times (${full.starts} with --full), and the interval comes from the differences between the starts.`;
const alone =
  'The guard in NestJS on Fastify, with a route and a stand-in for FusionAuth that both answer immediately.';

const rows = [
  {
    id: 'cpu-known',
    title: 'CPU time of a request, known credential',
    unit: 'µs',
    better: 'lower',
    how: `CPU time of the server process, all threads, divided by the requests that it answered. ${alone} ${inTurns}`,
  },
  {
    id: 'cpu-known-ratio',
    title: 'The same, unguarded route = 1',
    better: 'lower',
    how: `Quotient of the slices taken in the same turn. ${inTurns}`,
  },
  {
    id: 'cpu-new',
    title: 'CPU time of a request, new credential',
    unit: 'µs',
    better: 'lower',
    how: `The same with credentials that the server has never seen: signatures are verified, FusionAuth is called. ${inTurns}`,
  },
  {
    id: 'cpu-new-ratio',
    title: 'The same, unguarded route = 1',
    better: 'lower',
    how: `Quotient of the medians of each start. ${inTurns}`,
  },
  {
    id: 'p50',
    title: `Latency at ${latencyRate} requests a second, median`,
    unit: 'ms',
    better: 'lower',
    how: `Requests at fixed times with known credentials; the latency counts from the time at which a request was due, so that a stall counts for every request that it delayed. ${alone}`,
  },
  {
    id: 'p99',
    title: `Latency at ${latencyRate} requests a second, 99th percentile`,
    unit: 'ms',
    better: 'lower',
    how: 'Of the same requests.',
  },
  {
    id: 'peak',
    title: 'Peak rate on one core',
    unit: 'requests/s',
    better: 'higher',
    how: `Requests a second over 64 connections that always have a request pending, with known credentials. ${inTurns}`,
  },
  {
    id: 'bytes',
    title: 'Bytes of a request with its credential',
    unit: 'bytes',
    better: 'lower',
    how: 'The length of GET /todos with the headers of a real credential and nothing else.',
  },
  {
    id: 'bytes-check',
    title: 'Bytes to and from FusionAuth for one check',
    unit: 'bytes',
    better: 'lower',
    how: 'Counted between the API and the sandbox over 20 checks, including HTTP headers, with a cache time of 0.',
  },
] as const satisfies readonly RowPlan[];

type RowId = (typeof rows)[number]['id'];

/** Measures the server's cost of a request. */
export const cost: Experiment = {
  id: 'cost',
  title: 'Cost',
  question: 'What does a request cost the server, and how long does it take?',
  rows,
  async run(run) {
    const [basis] = modes;
    if (!basis) throw new Error('there is no mode');
    const measured = await measureSlices(run, basis, run.full ? full : usual);
    for (const mode of run.modes)
      for (const finding of [...findings(mode, measured), ...(await bytesOf(run, mode))]) run.put(finding);
  },
};

function findings(mode: Mode, { starts, latencies }: Slices): Finding[] {
  const known = starts.map((start) => start.known.get(mode.id) ?? []);
  const fresh = starts.map((start) => start.new.get(mode.id) ?? []);
  const unguarded = starts.map((start) => start.known.get(open) ?? []);
  const ratios = known.map((slices, start) =>
    slices.map(({ cpu }, turn) => cpu / (unguarded[start]?.[turn]?.cpu ?? NaN)),
  );
  const freshRatios = fresh.map((slices, start) =>
    slices.map(({ cpu }) => cpu / median((unguarded[start] ?? []).map((slice) => slice.cpu))),
  );
  const cpu = (slices: readonly Slice[]) => slices.map((slice) => slice.cpu);
  return [
    ofStarts(mode, 'cpu-known', known.map(cpu), 'µs'),
    ofStarts(mode, 'cpu-known-ratio', ratios, '×'),
    ofStarts(mode, 'cpu-new', fresh.map(cpu), 'µs'),
    ofStarts(mode, 'cpu-new-ratio', freshRatios, '×'),
    ofStarts(
      mode,
      'peak',
      known.map((slices) => slices.map(({ perSecond }) => perSecond)),
      'requests/s',
    ),
    ...([0.5, 0.99] as const).map((share) => latencyAt(mode, share, latencies.get(mode.id) ?? [])),
  ];
}

/** Returns the geometric mean of the medians of all starts: starts are independent of each other, slices are not. */
function ofStarts(mode: Mode, row: RowId, starts: readonly (readonly number[])[], unit: string): Finding {
  const samples = starts.reduce((sum, slices) => sum + slices.length, 0);
  const { mean: value, interval } = ratioMean(starts.filter(({ length }) => length > 0).map(median));
  const few = samples < enoughSlices || !interval;
  return {
    mode: mode.id,
    row,
    ...figure(value, interval, unit),
    samples,
    ...(few && { tooFewSamples: true }),
  };
}

function latencyAt(mode: Mode, share: 0.5 | 0.99, milliseconds: readonly number[]): Finding {
  const { value, interval } = quantileWithInterval(milliseconds, share);
  return {
    mode: mode.id,
    row: share === 0.5 ? 'p50' : 'p99',
    ...figure(value, interval, 'ms'),
    samples: milliseconds.length,
    ...(!interval && { tooFewSamples: true }),
  };
}

const figure = (value: number, interval: readonly [number, number] | undefined, unit: string) => ({
  value: rounded(value),
  ...(interval && { interval: [rounded(interval[0]), rounded(interval[1])] as [number, number] }),
  text: `${rounded(value)} ${unit}`,
});

/**
 * Returns the mean on a logarithmic scale, since disturbances of a machine multiply: no interval reaches below zero.
 */
function ratioMean(values: readonly number[]): ReturnType<typeof meanWithInterval> {
  const { mean, interval } = meanWithInterval(values.map(Math.log));
  return {
    mean: Math.exp(mean),
    ...(interval ? { interval: [Math.exp(interval[0]), Math.exp(interval[1])] as const } : {}),
  };
}
