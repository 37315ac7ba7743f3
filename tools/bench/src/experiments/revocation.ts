import pg from 'pg';
import type { Child } from '../../../measure/src/child.js';
import { bearer, getRequest } from '../../../measure/src/connection.js';
import { inTurn } from '../../../measure/src/load.js';
import { median, rounded } from '../../../measure/src/statistics.js';
import type { Bench, Experiment } from '../bench.js';
import { compared } from '../compare.js';
import { goals } from '../goals.js';
import { interleaved, type Side, type Sides } from '../rounds.js';
import { startDatabase } from '../stand-ins/postgres.js';
import { forged } from './credentials.js';

const revocations = 100_000;
const knownTokens = 1_000;
const push = { REVOCATION: 'push', WEBHOOK_KEY_ID: 'of-the-webhooks' };

/** Measures the cost of comparing each accepted token with 100,000 revocations, and of storing them. */
export const revocation: Experiment = {
  goals: ['G18'],
  about: 'push revocation with 100,000 live revocations, and without',
  tooLong: 'a PostgreSQL of its own',
  tokens: () => knownTokens,
  async run(bench) {
    const extent = { rounds: 31, roundMs: 1_000, warmUpMs: 2_000, awake: true };
    const taken = await interleaved(await startGuards(bench), extent, bench.note);
    const { figures, ...rest } = compared(goals.G18.aims, taken);
    return { G18: { ...rest, figures: { ...figures, ...(await startTodoApis(bench)) } } };
  },
};

/** Starts one server, whose guard has push revocation for the requests of one side only. */
async function startGuards(bench: Bench): Promise<Sides> {
  const { url: fusionAuthUrl } = await bench.fusionAuth();
  const tokens = await bench.tokens(knownTokens);
  const child = await bench.target('nest', { guard: 'pushed', fusionAuthUrl });
  const side = (path: string): Side => {
    const request = (token: string) => getRequest(child.url, path, bearer(token));
    const refused = request(forged(tokens[0] ?? ''));
    return { child, requests: inTurn(tokens.map(request)), bad: () => refused };
  };
  return { Gatehouse: side('/guarded?none'), 'Gatehouse with push': side('/guarded?push') };
}

interface Started {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Starts the Todo API on PostgreSQL, with and without push alternately. */
async function startTodoApis(bench: Bench): Promise<Record<string, number>> {
  const { url: databaseUrl } = bench.keep(await startDatabase());
  const { url: fusionAuthUrl } = await bench.fusionAuth();
  const start = async (environment: object): Promise<Started> => {
    const began = performance.now();
    const child: Child = await bench.target('todo-api', {
      databaseUrl,
      fusionAuthUrl,
      open: false,
      environment,
    });
    const seconds = (performance.now() - began) / 1000;
    const megabytes = await child.ask<number>('memory');
    await child.close();
    return { seconds, megabytes };
  };
  // The first start creates the tables.
  await start({});
  await fill(databaseUrl);
  const [without, withPush]: [Started[], Started[]] = [[], []];
  for (let turn = 0; turn < 5; turn += 1) {
    without.push(await start({}));
    withPush.push(await start(push));
    bench.note(`start ${turn + 1} of 5: ${rounded(withPush.at(-1)?.seconds ?? NaN)} s with push`);
  }
  const more = (of: keyof Started) =>
    median(withPush.map((one, turn) => one[of] - (without[turn]?.[of] ?? NaN)));
  return { 'MB more memory': more('megabytes'), 's more to start': more('seconds') };
}

/** Inserts half users, half sessions, unrelated to the tokens. */
async function fill(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, options: '-c search_path=todo' });
  await client.connect();
  try {
    await client.query(
      `insert into revocations (key, revoked_before, keep_until)
       select case n % 2 when 0 then 'user:' else 'session:' end || gen_random_uuid(),
              now() - n * interval '1 ms', now() + interval '1 hour'
         from generate_series(1, ${revocations}) n`,
    );
    await client.query('analyze');
  } finally {
    await client.end();
  }
}
