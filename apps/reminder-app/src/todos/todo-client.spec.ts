import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '#gatehouse/platform';
import { TodoClient } from './todo-client.js';

interface Answer {
  /** 0: the connection is cut. */
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

const never = new AbortController().signal;
const window = { from: Date.parse('2026-11-22T10:00:00Z'), until: Date.parse('2026-11-23T10:00:00Z') };
const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const todo = (number: number) => ({
  id: idOf(number),
  title: 'Water the plants',
  dueAt: '2026-11-22T12:00:00.000Z',
  owner: { email: 'ada@example.com', timeZone: null },
});
const page = (numbers: number[], nextCursor: string | null = null): Answer => ({
  status: 200,
  body: { items: numbers.map(todo), nextCursor },
});

describe('the client of the Todo API', () => {
  let answers: Answer[] = [];
  let queries: Record<string, string>[] = [];
  let pauses: number[] = [];
  let refreshes = 0;
  let credentials: (string | undefined)[] = [];
  let lines: string[] = [];
  let client: TodoClient;
  const server = createServer((request, response) => {
    credentials.push(request.headers.authorization);
    queries.push(Object.fromEntries(new URL(request.url ?? '', 'http://todos').searchParams));
    const { status, headers = {}, body } = answers.shift() ?? page([]);
    if (status === 0) return void response.destroy();
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    [answers, queries, pauses, refreshes, credentials, lines] = [[], [], [], 0, [], []];
    client = new TodoClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      devCenterUrl: 'https://dev.example.com',
      credentials: {
        check: () => Promise.resolve(),
        authorization: () => Promise.resolve(new Headers({ authorization: `Bearer ${refreshes}` })),
        invalidate: () => {
          refreshes++;
        },
        close: () => Promise.resolve(),
      },
      clock: () => window.from,
      pause: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
      log: createLogger('test', 'info', { write: (line: string) => void lines.push(line) }),
    });
  });
  afterEach(() => client.close());

  async function read(signal = never): Promise<number> {
    let count = 0;
    for await (const todos of client.due(window, signal, 2)) count += todos.length;
    return count;
  }

  it("requests everyone's open todos that are due in the window, page by page", async () => {
    answers = [page([1, 2], 'second'), page([3])];

    expect(await read()).toBe(3);

    const first = {
      owner: 'everyone',
      status: 'open',
      dueAfter: '2026-11-22T10:00:00.000Z',
      dueBefore: '2026-11-23T10:00:00.000Z',
      limit: '2',
    };
    expect(queries).toEqual([first, { ...first, cursor: 'second' }]);
  });

  it("requests everyone's open todos by their ids, 200 at a time, each time to the last page", async () => {
    const ids = Array.from({ length: 201 }, (_, index) => idOf(index));
    answers = [page([0], 'more'), page([1]), page([200])];

    expect((await client.open(ids, never)).map(({ id }) => id)).toEqual([idOf(0), idOf(1), idOf(200)]);

    expect(queries.map(({ owner, status, ids: some }) => [owner, status, some?.split(',').length])).toEqual([
      ['everyone', 'open', 200],
      ['everyone', 'open', 200],
      ['everyone', 'open', 1],
    ]);
  });

  it.each([
    [0, 0],
    [200, 1],
  ])('makes no request without ids: %i ids need %i', async (count, requests) => {
    await client.open(
      Array.from({ length: count }, (_, index) => idOf(index)),
      never,
    );

    expect(queries).toHaveLength(requests);
  });

  it("returns one spelling of an owner's address, and none for an owner without one", async () => {
    const emails = ['ada@bücher.example', 'ada@xn--bcher-kva.example', 'ada@XN--BCHER-KVA.EXAMPLE', null];
    const items = emails.map((email, index) => ({ ...todo(index), owner: { email, timeZone: null } }));
    answers = [{ status: 200, body: { items, nextCursor: null } }];

    const found = await client.open([idOf(0)], never);

    const ada = 'ada@xn--bcher-kva.example';
    expect(found.map(({ owner }) => owner.email)).toEqual([ada, ada, ada, null]);
  });

  it('is refused (3) by a 403, without a retry, and requests a new credential for the next reading', async () => {
    answers = [{ status: 403 }];

    await expect(read()).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("may not read everyone's todos") as string,
    });
    expect(queries).toHaveLength(1);
    expect(refreshes).toBe(1);
  });

  it('refreshes its credential once for a 401, late enough for the new token to be issued after any revocation', async () => {
    answers = [{ status: 401 }, page([1])];

    expect(await read()).toBe(1);
    expect([refreshes, pauses]).toEqual([1, [1_600]]);
    expect(credentials).toEqual(['Bearer 0', 'Bearer 1']);
    expect(lines.join()).toContain('refused the credential; refreshing it once');
  });

  it.each([
    ['at once', [{ status: 401 }, { status: 401 }]],
    ['pages later', [{ status: 401 }, page([1, 2], 'second'), { status: 401 }]],
  ])('is refused (3) by a second 401 in one reading, %s', async (_when, given: Answer[]) => {
    answers = [...given, page([3])];

    await expect(read()).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('the Dev Center at https://dev.example.com') as string,
    });
    expect(refreshes).toBe(1);
    expect(queries).toHaveLength(given.length);
  });

  it.each([0, 429, 500, 502, 503])('retries with the same credential after a %i', async (status) => {
    answers = [{ status }, { status }, { status }, page([1])];

    expect(await read()).toBe(1);
    expect([refreshes, pauses]).toEqual([0, [1_000, 2_000, 4_000]]);
    expect(lines.map((line) => (JSON.parse(line) as { waitMs: number }).waitMs)).toEqual(pauses);
    expect(lines.join()).toContain('did not return a page; retrying');
  });

  it.each([0, 429, 500, 503])('gives up (4) after four times %i', async (status) => {
    answers = Array<Answer>(4).fill({ status });

    await expect(read()).rejects.toMatchObject({ exitCode: 4 });
    expect(queries).toHaveLength(4);
  });

  it('says by what code a connection failed', async () => {
    answers = Array<Answer>(4).fill({ status: 0 });

    await expect(read()).rejects.toMatchObject({
      message: expect.stringMatching(/^The Todo API did not answer \([A-Z_]+\)\. Check/) as string,
      cause: expect.any(Error) as Error,
    });
  });

  it('gives up (4) with an answer larger than 32 MiB', async () => {
    answers = Array<Answer>(4).fill({ status: 200, body: 'x'.repeat(32 * 1024 * 1024 + 1) });

    await expect(read()).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('did not answer (UND_ERR_RES_EXCEEDED_MAX_SIZE)') as string,
    });
  });

  it.each([
    ['where a page is wrong', { items: [{ ...todo(1), title: 7 }], nextCursor: null }, ' (items.0.title)'],
    ['nothing more about an answer that is not a page', '<html>', ''],
  ])('says %s', async (_what, body, where) => {
    answers = [{ status: 200, body }];

    await expect(read()).rejects.toThrow(`answered with something other than a page of todos${where}. Check`);
  });

  it('waits for the time of Retry-After, up to half a minute', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '30' } }, page([1])];
    expect(await read()).toBe(1);
    expect(pauses).toEqual([30_000]);

    answers = [{ status: 503, headers: { 'retry-after': '31' } }];
    await expect(read()).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('31 s') as string,
    });
    expect(queries).toHaveLength(3);
  });

  it.each<[string, Answer]>([
    ['a 400', { status: 400 }],
    ['a 404', { status: 404 }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }],
    ['HTML', { status: 200, body: '<html>' }],
    ['a page of something else', { status: 200, body: { items: [{ id: 1 }], nextCursor: null } }],
    ['a page without its end', { status: 200, body: { items: [] } }],
  ])('gives up (4) immediately with %s, and does not replace its credential', async (_what, answer) => {
    answers = [answer];

    await expect(read()).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(/^The Todo API answered .*TODO_API_URL/) as string,
    });
    expect(queries).toHaveLength(1);
    expect(refreshes).toBe(0);
  });

  it('gives up (4) if a page refers to itself', async () => {
    answers = [page([1], 'again'), page([2], 'again'), page([3])];

    await expect(read()).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('the same page twice') as string,
    });
    expect(queries).toHaveLength(2);
  });

  it('stops with the reason of the signal, without another attempt', async () => {
    const stop = new AbortController();
    stop.abort(new Error('asked to stop'));

    await expect(read(stop.signal)).rejects.toThrow('asked to stop');
    expect(pauses).toEqual([]);
  });
});
