import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Todo } from '#gatehouse/todo-contract';

/** An answer that replaces the real one. */
export interface Canned {
  /** 0 cuts the connection. */
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

type Answer = (request: IncomingMessage, url: URL) => Canned | Promise<Canned>;

async function serve(answer: Answer) {
  const listener: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    Promise.resolve(answer(request, url)).then(
      (canned) => reply(response, canned),
      () => response.destroy(),
    );
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

function reply(response: ServerResponse, { status, headers = {}, body }: Canned): void {
  if (status === 0) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** An authorization server with one-time refresh tokens and no grace period. Its issuer is a name, not its URL. */
export async function startIssuer() {
  const state = {
    refreshToken: 'refresh-0',
    /** The only access token that is valid now. */
    accessToken: '',
    refreshes: 0,
    clients: new Set<string | null>(),
    /** Replaces the answer of the token endpoint. */
    canned: undefined as Canned | undefined,
  };
  const token = async (request: IncomingMessage): Promise<Canned> => {
    const form = new URLSearchParams(await text(request));
    if (state.canned) return state.canned;
    state.clients.add(form.get('client_id'));
    if (form.get('grant_type') !== 'refresh_token' || form.get('refresh_token') !== state.refreshToken)
      return { status: 400, body: { error: 'invalid_grant', error_reason: 'refresh_token_not_found' } };
    state.refreshToken = `refresh-${++state.refreshes}`;
    state.accessToken = `access-${state.refreshes}-${randomUUID()}`;
    return {
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: {
        access_token: state.accessToken,
        refresh_token: state.refreshToken,
        token_type: 'Bearer',
        expires_in: 3599,
        userId: randomUUID(),
      },
    };
  };
  const server = await serve((request, url) => {
    if (url.pathname === '/oauth2/token') return token(request);
    if (url.pathname !== '/.well-known/openid-configuration') return { status: 404 };
    return {
      status: 200,
      body: { issuer: 'gatehouse.example', token_endpoint: `${server.url}/oauth2/token` },
    };
  });
  return { ...server, state };
}

export type Issuer = Awaited<ReturnType<typeof startIssuer>>;

/** A Todo API in memory with the documented interfaces, which accepts the tokens of `issuer`. */
export async function startTodos(issuer: Issuer) {
  const state = {
    todos: [] as Todo[],
    requests: [] as URL[],
    /** Faults that replace the real answers, in order; either for pages of due todos, or for any request. */
    canned: [] as Canned[],
    pageSize: 1_000,
    /** Whether the client may read everyone's todos. Without the role it has no todos. */
    isAuditor: true,
    /** Called before each request for todos that are about to be mailed. */
    beforeConfirmation: () => {},
  };
  const server = await serve((request, url) => {
    state.requests.push(url);
    if (url.searchParams.has('ids')) state.beforeConfirmation();
    const canned = state.canned.shift();
    if (canned) return canned;
    if (request.headers.authorization !== `Bearer ${issuer.state.accessToken}`) return { status: 401 };
    if (state.isAuditor) return { status: 200, body: page(url.searchParams) };
    if (url.searchParams.get('owner') === 'everyone') return { status: 403 };
    return { status: 200, body: { items: [], nextCursor: null } };
  });
  const page = (query: URLSearchParams) => {
    const ids = query.get('ids')?.split(',');
    const due = state.todos
      .filter(
        ({ id, dueAt, status }) =>
          status === query.get('status') &&
          dueAt !== null &&
          (ids ? ids.includes(id) : isWithin(dueAt, query)),
      )
      .sort((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1));
    const from = Number(query.get('cursor') ?? 0);
    const until = from + Math.min(Number(query.get('limit')), state.pageSize);
    return { items: due.slice(from, until), nextCursor: until < due.length ? String(until) : null };
  };
  return { ...server, state };
}

const isWithin = (dueAt: string, query: URLSearchParams): boolean =>
  dueAt >= (query.get('dueAfter') ?? '') && dueAt < (query.get('dueBefore') ?? '9');

/** Returns an open todo of `email`, due in `dueIn` milliseconds. */
export function todo(title: string, dueIn: number, email: string | null = 'ada@example.com'): Todo {
  const now = new Date().toISOString();
  return {
    id: randomUUID(),
    title,
    notes: null,
    dueAt: new Date(Date.now() + dueIn).toISOString(),
    status: 'open',
    owner: { id: randomUUID(), email, timeZone: 'Europe/London' },
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

export const minute = 60_000;
export const hour = 60 * minute;
