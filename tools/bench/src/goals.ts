/** Every goal: what is measured, in which unit, and what is aimed at. The first figure of `goal` belongs to `value`. */
export const goals = {
  G1: { title: 'local JWT, 1,000 known tokens: unguarded / guarded', unit: 'CPU ratio', goal: '>= 0.85' },
  G2: {
    title: 'local JWT, every token new: unguarded / guarded; and against passport-jwt + jwks-rsa',
    unit: 'CPU ratio',
    goal: '>= 0.27, and >= 2.2 times passport',
  },
  G3: {
    title: 'ahead of express-oauth2-jwt-bearer: on Fastify; on Express; with new tokens',
    unit: 'times',
    goal: '>= 7, >= 1.3 on Express, >= 3 with new tokens',
  },
  G4: { title: 'ahead of @fastify/jwt with its cache', unit: 'times', goal: '>= 1.15' },
  G5: { title: 'ahead of passport-jwt + jwks-rsa in the same application', unit: 'times', goal: '>= 8' },
  G6: { title: 'bare node:http unguarded / guarded NestJS', unit: 'CPU ratio', goal: '>= 0.55' },
  G7: {
    title: 'remote checks trusted for 1 s, 1,000 credentials: guarded / unguarded at 5 ms; at 20 ms',
    unit: 'req/s ratio',
    goal: '>= 0.85, >= 0.7 at 20 ms, and >= 2.5 times no cache',
  },
  G8: {
    title: 'calls to FusionAuth against 1,000 / (1 + R·T/D) in 1,000 requests',
    unit: 'times the formula',
    goal: '<= 1.15, and at most floor(t/T) + 1 for a credential',
  },
  G9: {
    title: '1,000 at once with one new credential: calls to FusionAuth',
    unit: 'calls',
    goal: '= 1, and p99 <= 4 times its 20 ms',
  },
  G10: {
    title: '1,000 unknown key ids: fetches of the key set',
    unit: 'fetches',
    goal: '<= 2, none pending > 300 ms, all good tokens accepted, a new key within 5 s',
  },
  G11: {
    title: 'key set endpoint failing for 59 minutes: good tokens accepted',
    unit: '%',
    goal: '= 100, and /readyz says so',
  },
  G12: {
    title: 'FusionAuth failing, hanging, refusing for 4 s: known credentials accepted',
    unit: '%',
    goal: '= 100, calls <= 1 % of naive, unknown 503 within 300 ms, recovered within 2 s',
  },
  G13: {
    title: 'flood of bogus credentials, up to 900 in flight: p50 of a good client / calm',
    unit: 'times',
    goal: '<= 2, p99 <= 1/5 of naive, good credentials stay known',
  },
  G14: { title: 'list of todos on PostgreSQL: unguarded / guarded', unit: 'CPU ratio', goal: '>= 0.95' },
  G15: {
    title: 'the Reminder reads due todos over HTTP / the same pages parsed in memory',
    unit: 'CPU ratio',
    goal: '>= 0.3, a million within 10 s, and at most 1.2 times the memory of 100,000',
  },
  G16: {
    title: 'mails over one connection / a connection for each',
    unit: 'times',
    goal: '>= 10, >= 0.7 of the bare dialogue, and as many mails as people',
  },
  G17: {
    title: 'CPU of a call to FusionAuth: @fusionauth/typescript-client / ours',
    unit: 'times',
    goal: '>= 2',
  },
  G19: {
    title: 'list of 20 todos of 100,000: bare Fastify with raw pg / the Todo API',
    unit: 'CPU ratio',
    goal: '>= 0.7',
  },
} as const;

export type GoalId = keyof typeof goals;

export const goalIds = Object.keys(goals) as GoalId[];

/** What a run says of one goal. `ok` is null where nothing can be said; `detail.reason` then says why. */
export interface Result {
  readonly id: GoalId;
  readonly value: number | null;
  readonly unit: string;
  readonly goal: string;
  readonly ok: boolean | null;
  readonly detail: Detail;
}

export type Detail = Readonly<Record<string, unknown>> & { readonly reason?: string };

export function result(id: GoalId, value: number | null, ok: boolean | null, detail: Detail): Result {
  const { unit, goal } = goals[id];
  return { id, value: Number.isFinite(value) ? value : null, unit, goal, ok, detail };
}
