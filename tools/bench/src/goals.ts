/** The target of one figure of a goal. Without a bound it is for information. */
export interface Aim {
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The figure is the CPU time per request of the first server, divided by that of the second. */
  readonly sides?: readonly [above: string, below: string];
}

export interface Goal {
  readonly title: string;
  /** Of the first figure. */
  readonly unit: string;
  readonly aims: readonly Aim[];
}

const atLeast = (figure: string, bound: number): Aim => ({ figure, atLeast: bound });
const atMost = (figure: string, bound: number): Aim => ({ figure, atMost: bound });
const ratio = (above: string, below: string, bound?: number): Aim => ({
  figure: `${above} / ${below}`,
  sides: [above, below],
  ...(bound === undefined ? {} : { atLeast: bound }),
});

const atMostOf = (above: string, below: string, bound: number): Aim => ({
  ...ratio(above, below),
  atMost: bound,
});

const open = 'NestJS on Fastify, unguarded';
const ours = 'Gatehouse';
const oursNew = 'Gatehouse, new tokens';
const passport = 'passport-jwt + jwks-rsa';
const express = 'express-oauth2-jwt-bearer';

const table = {
  G1: {
    title: 'local JWT, 1,000 known tokens: unguarded / guarded',
    unit: 'CPU ratio',
    aims: [ratio(open, ours, 0.85)],
  },
  G2: {
    title: 'local JWT, every token new: unguarded / guarded; passport-jwt + jwks-rsa / guarded',
    unit: 'CPU ratio',
    aims: [
      ratio(open, oursNew, 0.27),
      ratio(passport, oursNew, 2.2),
      ratio(open, 'Gatehouse on passport-jwt, new tokens'),
    ],
  },
  G3: {
    title: 'express-oauth2-jwt-bearer / ours: on Fastify; on Express; with new tokens',
    unit: 'times',
    aims: [ratio(express, ours, 7), ratio(express, 'Gatehouse on Express', 1.3), ratio(express, oursNew, 3)],
  },
  G4: {
    title: '@fastify/jwt with its cache / ours',
    unit: 'times',
    aims: [ratio('@fastify/jwt', ours, 1.15)],
  },
  G5: {
    title: 'passport-jwt + jwks-rsa / ours, in the same application',
    unit: 'times',
    aims: [ratio(passport, ours, 8)],
  },
  G6: {
    title: 'bare node:http unguarded / guarded NestJS',
    unit: 'CPU ratio',
    aims: [ratio('bare node:http, unguarded', ours, 0.55)],
  },
  G7: {
    title: 'remote checks trusted for 1 s, 1,000 credentials: guarded / unguarded at 5 ms; at 20 ms',
    unit: 'req/s ratio',
    aims: [atLeast('at 5 ms', 0.85), atLeast('at 20 ms', 0.7), atLeast('times no cache', 2.5)],
  },
  G8: {
    title: 'calls to FusionAuth for 1,000 requests, compared with 1,000 / (1 + R·T/D)',
    unit: 'times the formula',
    aims: [atMost('times the formula', 1.15), atMost('calls for a credential beyond floor(t/T) + 1', 0)],
  },
  G9: {
    title: '1,000 simultaneous requests with one new credential: calls to FusionAuth',
    unit: 'calls',
    aims: [atMost('calls', 1), atMost('p99 / 20 ms of FusionAuth', 4)],
  },
  G10: {
    title: '1,000 unknown key IDs: fetches of the key set',
    unit: 'fetches',
    aims: [
      atMost('fetches', 2),
      atMost('requests pending > 300 ms', 0),
      atLeast('% of good tokens accepted', 100),
      atMost('ms until a new key is accepted', 5_000),
    ],
  },
  G11: {
    title: 'key set endpoint fails for 59 minutes: valid tokens accepted',
    unit: '%',
    aims: [atLeast('% accepted', 100), atLeast('reasons at /readyz', 1)],
  },
  G12: {
    title: 'FusionAuth fails, hangs and refuses for 4 s: known credentials accepted',
    unit: '%',
    aims: [
      atLeast('% of known accepted', 100),
      atMost('calls, % of requests', 1),
      atMost('unknown not answered 503', 0),
      atMost('ms for the slowest unknown', 300),
      atMost('ms to recover', 2_000),
    ],
  },
  G13: {
    title: 'flood of made-up credentials, up to 900 in flight: p50 of a valid client / without the flood',
    unit: 'times',
    aims: [atMost('p50 / calm', 2), atMost('p99 / no cache', 0.2), atMost('calls for the good client', 0)],
  },
  G14: {
    title: 'list of todos from PostgreSQL: unguarded / guarded',
    unit: 'CPU ratio',
    aims: [ratio('Todo API, unguarded', 'Todo API', 0.95)],
  },
  G15: {
    title: 'the Reminder App reads due todos over HTTP / parses the same pages in memory',
    unit: 'CPU ratio',
    aims: [
      atLeast('times parsing', 0.3),
      atMost('seconds for a million', 10),
      atMost('memory of a million / of 100,000', 1.2),
    ],
  },
  G16: {
    title: 'mails over one connection / over a connection each',
    unit: 'times',
    aims: [
      atLeast('times a connection for each', 10),
      atLeast('times the bare dialogue', 0.7),
      atMost('mails beyond one a person', 0),
    ],
  },
  G17: {
    title: 'CPU of a call to FusionAuth: @fusionauth/typescript-client / ours',
    unit: 'times',
    aims: [atLeast('official client / ours', 2)],
  },
  G18: {
    title: 'push revocation, 100,000 live revocations: guarded with it / without; memory; start',
    unit: 'CPU ratio',
    aims: [
      atMostOf('Gatehouse with push', ours, 1.02),
      atMost('MB more memory', 40),
      atMost('s more to start', 1),
    ],
  },
  G19: {
    title: 'list of 20 todos of 100,000: bare Fastify with raw pg / the Todo API',
    unit: 'CPU ratio',
    aims: [ratio('bare Fastify with raw pg, unguarded', 'Todo API', 0.7)],
  },
  G20: {
    title: 'Lambda authorizer / one around aws-jwt-verify: cold start; verdicts per second; size',
    unit: 'times',
    aims: [
      atMost('cold start / aws-jwt-verify', 1),
      { figure: 'cold start 2 ms away / aws-jwt-verify' },
      { figure: 'cold start 5 ms away / aws-jwt-verify' },
      atLeast('verdicts on known tokens / aws-jwt-verify', 1.5),
      { figure: 'verdicts on new tokens / aws-jwt-verify' },
      atMost('kB of the bundle', 1_000),
    ],
  },
};

export type GoalId = keyof typeof table;

export const goals: Readonly<Record<GoalId, Goal>> = table;

export const goalIds = Object.keys(table) as GoalId[];

/** Describes the targets of a goal in words. */
export const aimOf = ({ aims }: Goal): string =>
  aims
    .flatMap(({ figure, atLeast: minimum, atMost: maximum }) => [
      ...(minimum === undefined ? [] : [`${figure} >= ${minimum}`]),
      ...(maximum === undefined ? [] : [`${figure} <= ${maximum}`]),
    ])
    .join('; ');
