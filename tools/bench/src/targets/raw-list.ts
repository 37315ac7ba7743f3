import { fastify } from 'fastify';
import pg from 'pg';
import { serveRequests, settings } from '../../../measure/src/serve.js';

interface Row {
  readonly id: string;
  readonly dueAt: Date | null;
  readonly ownerId: string;
  readonly email: string | null;
  readonly timeZone: string | null;
}

/** The minimum for the list with PostgreSQL behind it: one route, one named statement, no types, no guard. */
const { databaseUrl } = settings as { databaseUrl: string };
const pool = new pg.Pool({ connectionString: databaseUrl, options: '-c search_path=todo -c timezone=UTC' });
const app = fastify();
app.get<{ Querystring: { limit: string } }>('/todos', async (request) => {
  const limit = Number(request.query.limit);
  const { rows } = await pool.query<Row>({
    name: 'list',
    text: `select t.id, t.title, t.notes, t.due_at as "dueAt", t.status, t.version, t.created_at as "createdAt",
                  t.updated_at as "updatedAt", o.id as "ownerId", o.email, o.time_zone as "timeZone"
             from todos t join owners o on o.id = t.owner_id
            where t.owner_id = $1
            order by coalesce(t.due_at, 'infinity'::timestamptz), t.id limit $2`,
    values: [request.headers['x-subject'], limit + 1],
  });
  const items = rows.slice(0, limit).map(({ ownerId, email, timeZone, ...todo }) => ({
    ...todo,
    owner: { id: ownerId, email, timeZone },
  }));
  const last = rows.length > limit ? items.at(-1) : undefined;
  const cursor = last && Buffer.from(JSON.stringify([last.dueAt, last.id])).toString('base64url');
  return { items, nextCursor: cursor ?? null };
});
serveRequests(await app.listen({ port: 0, host: '127.0.0.1' }));
