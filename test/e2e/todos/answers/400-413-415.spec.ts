import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Answer, apiClient, type Client, expectProblem } from '../../../support/api-client.js';
import { world } from './world.js';

let ada: Client;
beforeAll(async () => {
  ada = apiClient(world.api.url, await world.tokenOf('ada'));
});

const paths = (answer: Answer) => (answer.body.errors as { path: string }[]).map(({ path }) => path);
const good = { title: 'Good' };

describe('a field that is not valid is refused with its path', () => {
  it.each([
    ['no title', {}, ['body.title']],
    ['an empty title', { title: '' }, ['body.title']],
    ['a title of white space', { title: ' \u00a0 ' }, ['body.title']],
    ['a title of 201 characters', { title: 'x'.repeat(201) }, ['body.title']],
    ['a title that is not text', { title: 7 }, ['body.title']],
    ['a line break in the title', { title: 'a\nSubject: b' }, ['body.title']],
    ['a carriage return in the title', { title: 'a\rb' }, ['body.title']],
    ['a NUL in the title', { title: 'a\0b' }, ['body.title']],
    ['a Unicode line separator in the title', { title: 'a\u2028b' }, ['body.title']],
    ['half a surrogate pair', { title: 'a\ud800' }, ['body.title']],
    ['notes of 4,001 characters', { ...good, notes: 'x'.repeat(4_001) }, ['body.notes']],
    ['a NUL in the notes', { ...good, notes: 'a\0b' }, ['body.notes']],
    ['a date without a time', { ...good, dueAt: '2026-12-01' }, ['body.dueAt']],
    ['an instant without a zone', { ...good, dueAt: '2026-12-01T10:00:00' }, ['body.dueAt']],
    ['a day that does not exist', { ...good, dueAt: '2026-02-30T10:00:00Z' }, ['body.dueAt']],
    ['a year that PostgreSQL does not have', { ...good, dueAt: '0000-01-01T00:00:00Z' }, ['body.dueAt']],
    ['a year that UTC moves out of range', { ...good, dueAt: '9999-12-31T23:59:59-01:00' }, ['body.dueAt']],
    ['a number as an instant', { ...good, dueAt: 1_800_000_000 }, ['body.dueAt']],
    [
      'fields that are not the caller’s to set',
      { ...good, ownerId: 'x', version: 9 },
      ['body.ownerId', 'body.version'],
    ],
    ['several at once', { title: '', dueAt: 'soon', x: 1 }, ['body.title', 'body.dueAt', 'body.x']],
  ])('%s', async (_what, json, expected) => {
    const answer = await ada('POST', '/todos', { json });
    expectProblem(answer, { status: 400, code: 'invalid_request' });
    expect(paths(answer).toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    ['limit=0', ['query.limit']],
    ['limit=1001', ['query.limit']],
    ['limit=ten', ['query.limit']],
    ['limit=5&limit=6', ['query.limit']],
    ['status=closed', ['query.status']],
    ['owner=bruno', ['query.owner']],
    ['dueAfter=2026-12-01T10:00:00', ['query.dueAfter']],
    ['dueBefore=0000-01-01T00:00:00Z', ['query.dueBefore']],
    ['ids=', ['query.ids']],
    ['ids=17', ['query.ids']],
    [`ids=${Array(201).fill('c3e2d1f0-9b8a-4766-8554-433221100ffe').join(',')}`, ['query.ids']],
    ['unknown=1', ['query.unknown']],
    ['limit=0&status=x', ['query.status', 'query.limit']],
  ])('?%s', async (query, expected) => {
    const answer = await ada('GET', `/todos?${query}`);
    expectProblem(answer, { status: 400, code: 'invalid_request' });
    expect(paths(answer).toSorted()).toEqual(expected.toSorted());
  });

  it('an id that is not one', async () => {
    const answer = await ada('GET', '/todos/17');
    expectProblem(answer, { status: 400, code: 'invalid_request' });
    expect(paths(answer)).toEqual(['param.id']);
  });

  it('a change that is empty, or has an invalid value', async () => {
    const { id } = (await ada('POST', '/todos', { json: good })).body;
    for (const [json, expected] of [
      [{}, 'body'],
      [{ status: 'closed' }, 'body.status'],
      [{ title: null }, 'body.title'],
    ] as const) {
      const answer = await ada('PATCH', `/todos/${id}`, { json });
      expectProblem(answer, { status: 400, code: 'invalid_request' });
      expect(paths(answer)).toEqual([expected]);
    }
  });

  it.each(['', 'with space', 'ä', 'x'.repeat(256)])('the Idempotency-Key %j', async (key) => {
    const headers = { 'idempotency-key': Buffer.from(key).toString('latin1') };
    const answer = await ada('POST', '/todos', { json: good, headers });
    expectProblem(answer, { status: 400, code: 'invalid_request' });
    expect(paths(answer)).toEqual(['header.idempotency-key']);
  });
});

/** Returns the cursor changed to lead to another due instant. */
function withDueAt(cursor: string, dueAt: string): string {
  const [fingerprint, , id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
  return Buffer.from(JSON.stringify([fingerprint, dueAt, id])).toString('base64url');
}

describe('a cursor', () => {
  let cursor: string;
  beforeAll(async () => {
    await Promise.all([1, 2].map(() => ada('POST', '/todos', { json: good })));
    cursor = (await ada('GET', '/todos?limit=1&status=open')).body.nextCursor;
    expect((await ada('GET', `/todos?limit=1&status=open&cursor=${cursor}`)).status).toBe(200);
  });

  it.each([
    ['of another status', (own: string) => `status=done&cursor=${own}`],
    ['of another window', (own: string) => `status=open&dueAfter=2026-01-01T00:00:00Z&cursor=${own}`],
    ['that was cut short', (own: string) => `status=open&cursor=${own.slice(0, -8)}`],
    [
      'of a year that PostgreSQL does not have',
      (own: string) => `status=open&cursor=${withDueAt(own, '0000-01-01T00:00:00Z')}`,
    ],
    // cspell:ignore Vyc
    ['that was made up', () => `status=open&cursor=bm90LWEtY3Vyc29y`],
  ])('%s is refused', async (_what, query) => {
    const answer = await ada('GET', `/todos?limit=1&${query(cursor)}`);
    expectProblem(answer, { status: 400, code: 'invalid_request' });
    expect(paths(answer)).toEqual(['query.cursor']);
  });

  it('of another owner is refused', async () => {
    const bruno = apiClient(world.api.url, await world.tokenOf('bruno'));
    const answer = await bruno('GET', `/todos?limit=1&status=open&cursor=${cursor}`);
    expectProblem(answer, { status: 400, code: 'invalid_request' });
  });
});

describe('a request that cannot be read', () => {
  it.each(['{', '{"title":"x",}', "{'title':'x'}", '{"__proto__":{"a":1},"title":"x"}', '\ufeff'])(
    'with the body %j is refused without repeating it',
    async (raw) => {
      const answer = await ada('POST', '/todos', { raw });
      expectProblem(answer, { status: 400, code: 'invalid_request' });
      expect(answer.body.detail).toMatch(/JSON/);
    },
  );

  it.each(['[]', 'null', '"x"', '7'])('with %s instead of an object is refused', async (raw) => {
    const answer = await ada('POST', '/todos', { raw });
    expectProblem(answer, { status: 400, code: 'invalid_request' });
    expect(paths(answer)).toEqual(['body']);
  });

  it('without a body is refused', async () => {
    expectProblem(await ada('POST', '/todos'), { status: 400, code: 'invalid_request' });
  });

  it('with a broken percent-encoding in its path is refused, credential or not', async () => {
    expectProblem(await ada('GET', '/todos/%zz'), { status: 400, code: 'invalid_request' });
  });

  const host = 'Host: todos.example\r\n';
  const cutShort = `POST /todos HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n`;
  const post = `POST /todos HTTP/1.1\r\n${host}`;
  it.each([
    ['that is not HTTP at all', 'NONSENSE\r\n\r\n', 400],
    ['that is meant for TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['without a Host', 'GET /livez HTTP/1.1\r\n\r\n', 400],
    ['with two Hosts', `GET /livez HTTP/1.1\r\n${host}${host}\r\n`, 400],
    ['with a NUL in a header', `GET /livez HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, 400],
    ['with headers of 20 kB', `GET /livez HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['with two lengths', `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['whose body is cut short', `${cutShort}{`, 401],
    [
      'of Ada whose body is cut short',
      cutShort.replace('\r\n\r\n', '\r\nAuthorization: Bearer ADA\r\n\r\n{'),
      400,
    ],
    // Refused before its body is read, which then turns out to be unreadable.
    ['that was refused already', `${post}Transfer-Encoding: chunked\r\n\r\n5\r\nabc`, 401],
  ])('%s is refused once, as problem+json (HTTP-1)', async (_what, bytes, status) => {
    const socket = connect(Number(new URL(world.api.url).port), '127.0.0.1');
    socket.end(bytes.replace('ADA', await world.tokenOf('ada')), 'latin1');
    const [head = '', body = '', ...more] = (await text(socket)).split(/\r\n\r\n/);
    expect(head).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\ncontent-type: application/problem\\+json`, 'i'),
    );
    const [, requestId] = /\r\nx-request-id: (\S+)/i.exec(head) ?? [];
    expect(JSON.parse(body)).toMatchObject({ status, requestId, code: expect.any(String) });
    expect(more).toEqual([]);
  });

  it('whose path has a part that is too long is refused with 414', async () => {
    const answer = await ada('GET', `/todos/${'x'.repeat(101)}`);
    expectProblem(answer, { status: 414, code: 'uri_too_long' });
  });

  it('with a token in the query is refused, although the header has a good one', async () => {
    expectProblem(await ada('GET', '/todos?access_token=x'), { status: 400, code: 'invalid_request' });
  });
});

const bodyOf = (bytes: number) => {
  const frame = JSON.stringify({ title: 'x', notes: '' });
  return frame.replace('""', `"${'n'.repeat(bytes - frame.length)}"`);
};

it('an expectation that the API does not know is ignored', async () => {
  const socket = connect(Number(new URL(world.api.url).port), '127.0.0.1');
  socket.end('GET /livez HTTP/1.1\r\nHost: todos.example\r\nExpect: the-unexpected\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [^]*\{"status":"ok"\}$/);
});

describe('413: the body', () => {
  it('of 100 kB is read, one byte more is not', async () => {
    expectProblem(await ada('POST', '/todos', { raw: bodyOf(100_000) }), {
      status: 400,
      code: 'invalid_request',
    });
    expectProblem(await ada('POST', '/todos', { raw: bodyOf(100_001) }), {
      status: 413,
      code: 'body_too_large',
    });
  });

  it('is measured as it arrives, when its length is not announced', async () => {
    const response = await fetch(`${world.api.url}/todos`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await world.tokenOf('ada')}`, 'content-type': 'application/json' },
      body: new Blob([bodyOf(150_000)]).stream(),
      duplex: 'half',
    });
    expect(response.status).toBe(413);
  });
});

describe('415: the media type', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'multipart/form-data; boundary=x',
    'x',
  ])('%s is not read', async (type) => {
    const answer = await ada('POST', '/todos', { raw: '{"title":"x"}', headers: { 'content-type': type } });
    expectProblem(answer, { status: 415, code: 'unsupported_media_type' });
  });

  it('application/json with a character set is', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    expect((await ada('POST', '/todos', { raw: '{"title":"x"}', headers })).status).toBe(201);
  });
});
