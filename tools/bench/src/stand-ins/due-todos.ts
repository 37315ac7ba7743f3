import { createServer } from 'node:http';
import { type Listening, serve } from '#gatehouse/platform';

export const todosOfEach = 3;
const moment = '2026-11-26T10:00:00.000Z';

/** A Todo API with any number of due todos, each with its own id, three per person; faster than any reader of them. */
export interface DueTodos extends Listening {
  count: number;
}

export async function startDueTodos(): Promise<DueTodos> {
  const due = { count: 0 };
  const server = createServer((request, response) => {
    const { searchParams: query } = new URL(request.url ?? '/', 'http://due-todos');
    const from = Number(query.get('cursor') ?? 0);
    const until = Math.min(due.count, from + Number(query.get('limit')));
    const items = Array.from({ length: until - from }, (_, index) => todo(from + index));
    const nextCursor = until < due.count ? `"${until}"` : 'null';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`{"items":[${items.join(',')}],"nextCursor":${nextCursor}}`);
  });
  return Object.assign(due, await serve(server, { host: '127.0.0.1', port: 0 }));
}

/** Concatenated rather than rendered, so that the stand-in is never the bottleneck. */
function todo(number: number): string {
  const id = `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
  const person = Math.floor(number / todosOfEach);
  return (
    `{"id":"${id}","title":"Todo number ${number}","notes":"Some words about it","dueAt":"${moment}","status":"open",` +
    `"owner":{"id":"${id}","email":"person-${person}@example.com","timeZone":"Europe/London"},"version":1,` +
    `"createdAt":"${moment}","updatedAt":"${moment}"}`
  );
}
