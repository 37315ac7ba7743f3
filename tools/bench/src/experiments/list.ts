import pg from 'pg';
import { issuer } from '../../../issuer/src/token-minter.js';
import type { Bench, Experiment } from '../bench.js';
import { type Demand, judged, namesIn } from '../compare.js';
import { type GoalId, result } from '../goals.js';
import { forged } from '../issuer.js';
import { getRequest } from '../load/connection.js';
import type { Child } from '../processes/child.js';
import { startDatabase } from '../processes/database.js';
import { interleaved, type Side } from '../rounds.js';
import { bearer, inTurn, requestsOf } from './credentials.js';

const owners = 1_000;
const todosOfEach = 100;
const path = '/todos?limit=20';

type SideName = 'Todo API, unguarded' | 'Todo API' | 'bare Fastify with raw pg, unguarded';

const demands: Partial<Record<GoalId, readonly Demand<SideName>[]>> = {
  G14: [{ above: 'Todo API, unguarded', below: 'Todo API', atLeast: 0.95 }],
  G19: [{ above: 'bare Fastify with raw pg, unguarded', below: 'Todo API', atLeast: 0.7 }],
};

/** The endpoint that is asked most, on a real PostgreSQL: 20 todos of 100,000. */
export const list: Experiment = {
  goals: ['G14', 'G19'],
  about: 'the list of todos on PostgreSQL',
  tooLong: 'a PostgreSQL of its own with 100,000 todos',
  tokens: () => owners,
  async run(bench, wanted) {
    const database = await startDatabase();
    if (typeof database === 'string') {
      bench.note(database);
      return wanted.map((id) => result(id, null, null, { reason: database }));
    }
    const tokens = await bench.tokens(owners);
    const starters = await startersOf(bench, database.url, tokens);
    const sides: Partial<Record<SideName, Side>> = {};
    // The guarded one brings the schema along, before anything is put in.
    const guarded = await starters['Todo API']();
    await fill(database.url, tokens);
    bench.note(`${owners * todosOfEach} todos written`);
    for (const name of namesIn(wanted.flatMap((id) => demands[id] ?? [])))
      sides[name] = name === 'Todo API' ? guarded : await starters[name]();
    const taken = await interleaved(sides as Record<SideName, Side>, {
      rounds: 11,
      milliseconds: 1_000,
      warmUp: 2_000,
      note: bench.note,
    });
    return wanted.map((id) => judged(id, demands[id] ?? [], taken));
  },
};

async function startersOf(bench: Bench, databaseUrl: string, tokens: readonly string[]) {
  const { url: fusionAuthUrl } = await bench.fusionAuth();
  // All send the same: the open ones take the user's word for who it is.
  const headers = tokens.map((token) => ({ ...bearer(token), 'X-Subject': subjectOf(token) }));
  const side = (child: Child): Side => ({ child, requests: inTurn(requestsOf(child.url, path, headers)) });
  const api = (open: boolean) => bench.target('todo-api', { databaseUrl, fusionAuthUrl, open });
  const starters: Record<SideName, () => Promise<Side>> = {
    'Todo API, unguarded': async () => side(await api(true)),
    'Todo API': async () => {
      const child = await api(false);
      const refused = getRequest(child.url, path, bearer(forged(tokens[0] ?? '')));
      return { ...side(child), bad: () => refused };
    },
    'bare Fastify with raw pg, unguarded': async () => side(await bench.target('raw-list', { databaseUrl })),
  };
  return starters;
}

const subjectOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub;

/** An owner's id is its subject here, so that the bare route needs no look-up either. */
async function fill(databaseUrl: string, tokens: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c search_path=todo' });
  await client.connect();
  try {
    await client.query(
      `insert into owners (id, issuer, kind, subject, email, time_zone, created_at, updated_at)
       select subject::uuid, $1, 'user', subject, 'ada@example.com', 'Europe/London', now(), now()
         from unnest($2::text[]) subject`,
      [issuer, tokens.map(subjectOf)],
    );
    await client.query(
      `insert into todos (id, owner_id, title, notes, due_at, created_at, updated_at)
       select gen_random_uuid(), o.id, 'Todo number ' || n, 'Some words about it', now() + n * interval '1 hour', now(), now()
         from owners o, generate_series(1, ${todosOfEach}) n`,
    );
    await client.query('analyze');
  } finally {
    await client.end();
  }
}
