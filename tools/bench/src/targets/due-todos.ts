import { createServer } from 'node:http';
import { listen, serveParent } from '../processes/in-child.js';

/** How many todos are due from now on. */
interface Extent {
  readonly todos: number;
}

const todosOfEach = 3;
const moment = '2026-11-26T10:00:00.000Z';
let due = 0;

/** A Todo API with any number of due todos, each of its own id, three of a person; quicker than whoever reads them. */
const server = createServer((request, response) => {
  const { searchParams: query } = new URL(request.url ?? '/', 'http://due-todos');
  const from = Number(query.get('cursor') ?? 0);
  const until = Math.min(due, from + Number(query.get('limit')));
  const items = Array.from({ length: until - from }, (_, index) => todo(from + index));
  const nextCursor = until < due ? `"${until}"` : 'null';
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`{"items":[${items.join(',')}],"nextCursor":${nextCursor}}`);
});

/** Written out rather than rendered, so that this end is never what is waited for. */
function todo(number: number): string {
  const id = `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
  const person = Math.floor(number / todosOfEach);
  return (
    `{"id":"${id}","title":"Todo number ${number}","notes":"Some words about it","dueAt":"${moment}","status":"open",` +
    `"owner":{"id":"${id}","email":"person-${person}@example.com","timeZone":"Europe/London"},"version":1,` +
    `"createdAt":"${moment}","updatedAt":"${moment}"}`
  );
}

serveParent(await listen(server), {
  setExtent: ({ todos }: Extent) => void (due = todos),
});
