import { channel } from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Trace, Traces } from './traces.js';

type Decided = NonNullable<Trace['decided']>;
const accepted = { verdict: { ok: true } } as unknown as Decided;

/** A server that does `work` with the path of each request before it answers. */
async function serve(work: (path: string) => unknown): Promise<{ port: number; server: Server }> {
  const server = createServer((request, response) => {
    void (async () => {
      await work(request.url ?? '');
      response.writeHead(request.url?.includes('missing') ? 404 : 200).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

describe('the traces of requests', () => {
  let traces: Traces | undefined;
  const servers: Server[] = [];
  afterEach(() => {
    traces?.close();
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  /** A server whose requests are traced; `work` is what its guard does. */
  async function traced(work: (path: string, traces: Traces) => unknown) {
    const { port, server } = await serve((path) => work(path, traces!));
    servers.push(server);
    const made = (traces = new Traces(port));
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).then((answer) => answer.status);
    return { made, get };
  }
  const paths = ({ last }: Traces) => last.map(({ path }) => path);

  it('are of the last five that the guard decided, newest first', async () => {
    const { made, get } = await traced((path, to) => path !== '/livez' && to.decided(accepted));
    for (const path of ['/a', '/b', '/livez', '/c', '/d', '/e', '/missing']) await get(path);
    expect(paths(made)).toEqual(['/missing', '/e', '/d', '/c', '/b']);
    expect(made.last[0]).toMatchObject({ method: 'GET', status: 404, decided: accepted });
    expect(made.last[0]?.milliseconds).toBeGreaterThan(0);
    expect(new Set(made.last.map(({ id }) => id)).size).toBe(5);
  });

  it('have each step with the request that took it, also when many run at once', async () => {
    const arrived = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const { made, get } = await traced(async (path, to) => {
      to.asked('judgement');
      if (path === '/slow') arrived.resolve();
      await (path === '/slow' ? answered : arrived).promise;
      to.called(path, 200, 1);
      if (path === '/slow') to.joined();
      to.lookedUp(undefined);
      to.decided(accepted);
    });
    await Promise.all([get('/slow'), get('/fast').finally(() => answered.resolve())]);
    const looked = { kind: 'looked-up', refusal: undefined };
    const called = { kind: 'called', status: 200, milliseconds: 1 };
    expect(made.last.map(({ path, steps }) => [path, steps])).toEqual([
      ['/slow', [{ kind: 'judged' }, { ...called, operation: '/slow' }, { kind: 'joined' }, looked]],
      ['/fast', [{ kind: 'judged' }, { ...called, operation: '/fast' }, looked]],
    ]);
  });

  it('leave out what a request has started and what continues after its answer', async () => {
    const answered = Promise.withResolvers<void>();
    let later: Promise<void> | undefined;
    const { made, get } = await traced((_path, to) => {
      to.decided(accepted);
      later = answered.promise.then(() => to.called('key set', 200, 1));
    });
    await get('/a');
    answered.resolve();
    await later;
    expect(made.last[0]?.steps).toEqual([]);
  });

  it('say of a call to confirm nothing until it was made', async () => {
    const { made, get } = await traced((_path, to) => {
      to.asked('confirmation');
      to.decided(accepted);
    });
    await get('/a');
    expect(made.last[0]?.steps).toEqual([]);
  });

  it('are of the server at their port alone', async () => {
    const { made } = await traced((_path, to) => to.decided(accepted));
    const other = await serve(() => made.decided(accepted));
    servers.push(other.server);
    await fetch(`http://127.0.0.1:${other.port}/a`);
    expect(made.last).toEqual([]);
  });

  it.each([
    ['/todos/01a20116-91a2-75be-ad2a-92ef93d57ed5', '/todos/…7ed5'],
    ['/todos?access_token=sesame', '/todos'],
    ['/todos/eyJhbGciOiJSUzI1NiJ9', '/todos/…'],
    ['/a/longer-than-any-word-of-ours', '/a/…'],
  ])('show of the path %s only %s', async (path, shown) => {
    const { made, get } = await traced((_path, to) => to.decided(accepted));
    await get(path);
    expect(paths(made)).toEqual([shown]);
  });

  it('end when they are closed, and leave nobody at the channels of Node', async () => {
    // Counts the subscribers that read a message: Node only tells whether there are any, and another test file may
    // have left one in this process.
    const readers = (name: string) => {
      let count = 0;
      const message = {
        server: { address: () => null },
        get request() {
          count += 1;
          return { socket: {} };
        },
      };
      channel(name).publish(message);
      return count;
    };
    const heard = () => ['http.server.request.start', 'http.server.response.finish'].map(readers);
    const before = heard();
    const { made, get } = await traced((_path, to) => to.decided(accepted));
    expect(heard()).toEqual(before.map((count) => count + 1));
    made.close();
    expect(heard()).toEqual(before);
    await get('/a');
    expect(made.last).toEqual([]);
  });
});
