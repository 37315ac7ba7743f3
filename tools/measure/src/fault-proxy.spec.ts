import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { FaultProxy, faults, late } from './fault-proxy.js';

/** The time to wait for an answer that never comes. Each answer of the test arrives before it. */
const silenceMs = 150;
const answerMs = 30_000;

describe('the fault proxy', () => {
  let upstream: Server;
  let proxy: FaultProxy;
  let heard = '';
  /** Keeps one connection open between requests. */
  let keptAlive: Agent;

  beforeAll(async () => {
    upstream = createServer((incoming, response) => {
      incoming.pipe(response.writeHead(200, { 'x-path': incoming.url ?? '' }));
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const { port } = upstream.address() as AddressInfo;
    proxy = await FaultProxy.before(`http://127.0.0.1:${port}`, (bytes) => (heard += bytes.toString()));
  });
  beforeEach(async () => {
    await proxy.set(faults.none);
    keptAlive = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await ask(keptAlive, 'warm')).toBe('200 warm');
  });
  afterEach(() => keptAlive.destroy());
  afterAll(async () => {
    await proxy.close();
    upstream.close();
  });

  /** Returns status and body, or the code of the error. */
  const ask = (agent: Agent | false, body: string, milliseconds = answerMs): Promise<string> =>
    new Promise((resolve) => {
      const outgoing = request(proxy.url, {
        method: 'POST',
        agent,
        signal: AbortSignal.timeout(milliseconds),
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      outgoing.on('response', (response) => {
        text(response).then(
          (all) => resolve(`${response.statusCode} ${all}`),
          (error: unknown) => resolve(String(error)),
        );
      });
      outgoing.end(body);
    });
  const tooLate = 'ABORT_ERR';

  it('passes requests and answers on, and reports the answers', async () => {
    heard = '';
    expect(await ask(false, 'x'.repeat(300_000))).toBe(`200 ${'x'.repeat(300_000)}`);
    expect(heard).toContain('x'.repeat(1_000));
  });

  it.each([
    ['refuse', 'ECONNRESET', 'ECONNREFUSED'],
    ['hang', tooLate, tooLate],
    ['halfOpen', tooLate, '200 fresh'],
    ['reset', 'ECONNRESET', 'ECONNRESET'],
    ['garbage', 'HPE_INVALID_CONSTANT', 'HPE_INVALID_CONSTANT'],
    ['redirect', '302 ', '302 '],
    ['page', '200 <!doctype html', '200 <!doctype html'],
    ['error', '500 ', '500 '],
    ['overload', '503 <p', '503 <p'],
    ['slow', tooLate, tooLate],
    ['dribble', tooLate, tooLate],
  ] as const)('%s: an open connection sees %s, a new one %s', async (name, open, fresh) => {
    await proxy.set(faults[name]);
    const waitFor = (expected: string) => (expected === tooLate ? silenceMs : answerMs);
    // A client may notice a cut connection only when it uses it.
    const seen = [await ask(keptAlive, 'open', waitFor(open)), await ask(false, 'fresh', waitFor(fresh))];
    expect(seen.map((answer) => answer.split('>')[0])).toEqual([open, fresh]);
    await proxy.set(faults.none);
    expect(await ask(false, 'after')).toBe('200 after');
  });

  it('delays an answer, or sends it byte by byte, without losing any of it', async () => {
    for (const fault of [late(100, Infinity), late(1, 1)]) {
      await proxy.set(fault);
      const asked = performance.now();
      expect(await ask(keptAlive, 'late')).toBe('200 late');
      expect(performance.now() - asked).toBeGreaterThan(95);
    }
  });

  it('works for any protocol, even if the server speaks first', async () => {
    const greeter = createServer().on('connection', (socket) => socket.end('220 ready\r\n'));
    await once(greeter.listen(0, '127.0.0.1'), 'listening');
    const { port } = greeter.address() as AddressInfo;
    const smtp = await FaultProxy.before(`smtp://127.0.0.1:${port}`);
    const client = connect(Number(new URL(smtp.url).port), '127.0.0.1');
    expect(await text(client)).toBe('220 ready\r\n');
    await smtp.close();
    greeter.close();
  });
});
