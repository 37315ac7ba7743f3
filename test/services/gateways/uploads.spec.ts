import { createAdapter } from '../../../apps/todo-api/src/http/fastify-adapter.js';
import { Connection } from '../../../tools/measure/src/connection.js';
import { chunked, type Header, send, type Sent } from './client.js';
import { endpointOf, forwardAuthGateways, policyFor, startGateway } from './gateway.js';
import { describeForwardAuth, type Ground, openGround } from './ground.js';

const megabyte = 2 ** 20;
const unknownToken: Header = ['Authorization', 'Bearer x.y.z'];
const twoMegabytes = Buffer.alloc(2 * megabyte, 'u');
/** Larger than `limits.maxBodyBytes` of the policy. */
const tooLarge = Buffer.alloc(11 * megabyte, 'u');

describeForwardAuth('an upload', (program) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await openGround(program);
  });
  afterEach(() => {
    ground.api.take();
    ground.questions.take();
  });
  afterAll(() => ground.close());

  const asStranger = (sent: Sent) =>
    send(ground.gateway.url, { ...sent, headers: [unknownToken, ...(sent.headers ?? [])] });
  const post = (sent: Sent): Sent => ({ method: 'POST', ...sent });

  it.each<[string, Sent]>([
    ['at once', { body: twoMegabytes }],
    ['in chunks', chunked(twoMegabytes)],
    ['after waiting for 100 Continue', { body: twoMegabytes, expects: true }],
  ])('of 2 MB, sent %s, arrives whole with a good credential', async (_title, sent) => {
    const { status, continued } = await ground.asAda(post(sent));
    const [arrived] = ground.api.take();
    expect([status, arrived?.bodyBytes, continued]).toEqual([
      200,
      twoMegabytes.length,
      sent.expects ?? false,
    ]);
    const [question, ...others] = ground.questions.take();
    expect([question?.method, question?.bodyBytes, others]).toEqual(['GET', 0, []]);
  });

  it('is refused immediately if the client waits for 100 Continue', async () => {
    const { status, continued } = await asStranger(post({ body: twoMegabytes, expects: true }));
    // nginx sends 100 and 401 together, because it answers with its own body.
    expect([status, continued, ground.api.take()]).toEqual([401, program === 'nginx', []]);
  });

  it.each<[string, Sent]>([
    ['of 2 MB', { body: twoMegabytes }],
    ['in chunks', chunked(twoMegabytes)],
    ['of 11 MB', { body: tooLarge }],
  ])('%s without a good credential does not arrive', async (_title, sent) => {
    // A connection closed before everything was read may lose the answer.
    const status = await asStranger(post(sent)).then(
      (answer) => answer.status,
      () => 0,
    );
    expect([[0, 401, 413].includes(status), ground.api.take()]).toEqual([true, []]);
  });

  it.each<[string, Sent]>([
    ['at once', { body: tooLarge }],
    // HAProxy limits only a body with an announced length; the API must limit the rest.
    ...(program === 'haproxy' ? [] : [['in chunks', chunked(tooLarge)] as [string, Sent]]),
  ])('that is too large, sent %s, does not arrive whole', async (_title, sent) => {
    const status = await ground.asAda(post(sent)).then(
      (answer) => answer.status,
      () => 0,
    );
    expect([0, 413]).toContain(status);
    expect(ground.api.take().filter(({ isWhole }) => isWhole)).toEqual([]);
  });

  it('that the Todo API refuses before it has read it is answered 413, and no answer is lost', async () => {
    const todoApi = createAdapter({ trustedProxies: [], problemType: (code) => code }).getInstance();
    todoApi.post('/todos', () => 'read');
    const api = endpointOf(await todoApi.listen({ port: 0, host: '127.0.0.1' }));
    const forwardAuth = [endpointOf(ground.questions.url)] as const;
    const gateway = await startGateway(program, {
      configuration: forwardAuthGateways[program],
      policy: { ...policyFor(ground.world, ground.api.url), api, forwardAuth },
    });
    const statuses = new Set<number>();
    for (let count = 0; count < 30; count += 1) {
      const headers = [ground.ada, ['Content-Type', 'application/json']] as const;
      const sent = { method: 'POST', target: '/todos', headers, body: twoMegabytes };
      statuses.add(
        await send(gateway.url, sent).then(
          (answer) => answer.status,
          () => 0,
        ),
      );
    }
    await gateway.stop();
    await todoApi.close();
    expect([...statuses]).toEqual([413]);
  });

  it('leaves its connection, and those to forward-auth, in order for what comes next', async () => {
    const connection = await Connection.open(ground.gateway.url);
    const { host } = new URL(ground.gateway.url);
    const bytes = (method: string, [name, value]: Header, body = Buffer.alloc(0)) =>
      Buffer.concat([
        Buffer.from(
          `${method} /x HTTP/1.1\r\nHost: ${host}\r\n${name}: ${value}\r\nContent-Length: ${body.length}\r\n\r\n`,
        ),
        body,
      ]);
    const small = Buffer.alloc(64 * 1024, 'u');
    const statuses: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      statuses.push(await connection.request(bytes('POST', ground.ada, small)));
      statuses.push(await connection.request(bytes('GET', ground.ada)));
    }
    connection.close();
    expect(statuses).toEqual(statuses.map(() => 200));
    expect(ground.api.take().filter(({ target }) => target === '/x')).toHaveLength(20);
  });
});
