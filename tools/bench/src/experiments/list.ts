import pg from 'pg';
import { issuer } from '../../../issuer/src/token-minter.js';
import { bearer, getRequest } from '../../../measure/src/connection.js';
import { inTurn } from '../../../measure/src/load.js';
import type { Experiment } from '../bench.js';
import { compared } from '../compare.js';
import { goals } from '../goals.js';
import { interleaved, type Side, type Sides } from '../rounds.js';
import { startDatabase } from '../stand-ins/postgres.js';
import { forged } from './credentials.js';

const owners = 1_000;
const todosOfEach = 100;
const path = '/todos?limit=20';

/** Measures the most used endpoint, on a real PostgreSQL: 20 todos of 100,000. */
export const list: Experiment = {
  goals: ['G14', 'G19'],
  about: 'the list of todos on PostgreSQL',
  tooLong: 'a PostgreSQL of its own with 100,000 todos',
  tokens: () => owners,
  async run(bench, wanted) {
    const { url: databaseUrl } = bench.keep(await startDatabase());
    const { url: fusionAuthUrl } = await bench.fusionAuth();
    const tokens = await bench.tokens(owners);
    // All send the same headers: the unguarded ones trust the subject that they name.
    const headers = tokens.map((token) => ({ ...bearer(token), 'X-Subject': subjectOf(token) }));
    const side = async (file: string, open: boolean): Promise<Side> => {
      const child = await bench.target(file, { databaseUrl, fusionAuthUrl, open });
      const refused = getRequest(child.url, path, bearer(forged(tokens[0] ?? '')));
      const requests = inTurn(headers.map((fields) => getRequest(child.url, path, fields)));
      return { child, requests, bad: open ? undefined : () => refused };
    };
    // The first one creates the schema, before the data is inserted.
    const guarded = await side('todo-api', false);
    await fill(databaseUrl, tokens);
    bench.note(`${owners * todosOfEach} todos written`);
    const sides: Sides = {
      'Todo API': guarded,
      ...(wanted.includes('G14') ? { 'Todo API, unguarded': await side('todo-api', true) } : {}),
      ...(wanted.includes('G19')
        ? { 'bare Fastify with raw pg, unguarded': await side('raw-list', true) }
        : {}),
    };
    const extent = { rounds: 11, roundMs: 1_000, warmUpMs: 2_000 };
    const taken = await interleaved(sides, extent, bench.note);
    return Object.fromEntries(wanted.map((id) => [id, compared(goals[id].aims, taken)]));
  },
};

const subjectOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub;

/** Uses the subject as the owner's id, so that the bare route needs no look-up either. */
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
