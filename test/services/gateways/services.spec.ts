import { type Header, send } from './client.js';
import { endpointOf, forwardAuthGateways, type Gateway, policyFor, startGateway } from './gateway.js';
import { type GatewayWorld, startGatewayWorld } from './gateway-world.js';
import { describeForwardAuth } from './ground.js';
import type { RecordingApi } from './recording-api.js';

const otherAudience = '00000000-0000-4000-8000-0000000000aa';

describeForwardAuth('two services', (program) => {
  let world: GatewayWorld;
  let gateway: Gateway;
  let apis: readonly [RecordingApi, RecordingApi];
  beforeAll(async () => {
    world = await startGatewayWorld();
    apis = [await world.startApi(), await world.startApi()];
    const [first, second] = [
      await world.startForwardAuth(),
      await world.startForwardAuth({ FUSIONAUTH_APPLICATION_ID: otherAudience }),
    ];
    const secondApi = {
      ...endpointOf(apis[1].url),
      hostname: 'second.example',
      audiences: [otherAudience],
      forwardAuth: [endpointOf(second.url)] as const,
    };
    gateway = await startGateway(program, {
      configuration: forwardAuthGateways[program],
      policy: { ...policyFor(world, apis[0].url), forwardAuth: [endpointOf(first.url)], secondApi },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await world.close();
  });

  it('are distinguished by the host name, and a token for one of them does not open the other', async () => {
    const token = (claims = {}): Header => ['Authorization', `Bearer ${world.mint.token(claims)}`];
    const [own, other] = [token(), token({ aud: otherAudience, applicationId: otherAudience })];
    const statuses = async (headers: readonly Header[]) => {
      const answers = [own, other].map((credential) =>
        send(gateway.url, { headers: [credential, ...headers] }),
      );
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    expect(await statuses([])).toEqual([200, 401]);
    expect(await statuses([['Host', 'second.example']])).toEqual([401, 200]);
    expect(await statuses([['Host', 'SECOND.example:8080']])).toEqual([401, 200]);
    expect(await statuses([['Host', 'second.example.']])).toEqual([401, 200]);
    expect(apis.map((api) => api.take().length)).toEqual([1, 3]);
  });
});

describeForwardAuth('two services by one forward-auth server, each with rules of its own,', (program) => {
  let world: GatewayWorld;
  let gateway: Gateway;
  let apis: readonly [RecordingApi, RecordingApi];
  let ada: Header;
  beforeAll(async () => {
    world = await startGatewayWorld();
    apis = [await world.startApi(), await world.startApi()];
    const rules =
      '* first.example/open *; * first.example/first *; * first.example/ portal-admin; * second.example/shut portal-admin; * /open *';
    const forwardAuth = [endpointOf((await world.startForwardAuth({ ROLE_RULES: rules })).url)] as const;
    const second = { hostname: 'second.example', audiences: [], forwardAuth };
    gateway = await startGateway(program, {
      configuration: forwardAuthGateways[program],
      policy: {
        ...policyFor(world, apis[0].url),
        forwardAuth,
        secondApi: { ...endpointOf(apis[1].url), ...second },
      },
    });
    ada = ['Authorization', `Bearer ${world.mint.token()}`];
  });
  afterAll(async () => {
    await gateway.stop();
    await world.close();
  });

  const arrivedAt = async (host: string, target: string) => {
    const { status } = await send(gateway.url, { target, headers: [['Host', host], ada] });
    return [status, ...apis.map((api) => api.take().length)];
  };

  it.each([
    ['first.example', '/open', [200, 1, 0]],
    ['FIRST.example:8080', '/open', [200, 1, 0]],
    ['first.example', '/', [403, 0, 0]],
    ['second.example', '/open', [200, 0, 1]],
    ['Second.Example:80', '/open', [200, 0, 1]],
    ['second.example', '/shut', [403, 0, 0]],
    ['second.example', '/', [403, 0, 0]],
    ['unknown.example', '/open', [403, 0, 0]],
    ['127.0.0.1', '/open', [403, 0, 0]],
  ])('applies the rules of that host to a request to %s%s: %j', async (host, target, expected) => {
    expect(await arrivedAt(host, target)).toEqual(expected);
  });

  it.each(['first.example,second.example', 'first.example@second.example', ''])(
    'opens nothing for the host %j, which servers could take for another',
    async (host) => {
      const [status, ...arrived] = await arrivedAt(host, '/open');
      expect([[400, 403, 503].includes(status!) || status, ...arrived]).toEqual([true, 0, 0]);
    },
  );

  it.each([
    ['first.example.', '/open', [200, 1, 0]],
    ['first.example:x', '/open', [200, 1, 0]],
    ['second.example.', '/open', [200, 0, 1]],
    ['second.example.', '/first', [403, 0, 0]],
    ['second.example.', '/shut', [403, 0, 0]],
    ['second.example.:8080', '/first', [403, 0, 0]],
  ])('refuses a request to %s%s, or answers it as that to the plain name', async (host, target, plain) => {
    const answered = await arrivedAt(host, target);
    if (answered[0] !== 400) expect(answered).toEqual(plain);
    else expect(answered).toEqual([400, 0, 0]);
  });

  it('applies the rules of the host that the request goes to, if the target names another host than the header', async () => {
    for (const [target, host] of [
      ['http://second.example/shut', 'first.example'],
      ['http://first.example/shut', 'second.example'],
      ['http://second.example/open', 'first.example'],
      ['http://second.example/first', 'first.example'],
    ] as const) {
      const [status, first, second] = await arrivedAt(host, target);
      const goesTo = new URL(target);
      const isOpen = goesTo.pathname === '/open' && goesTo.hostname === 'second.example';
      expect([target, status === 200 ? isOpen : first! + second! === 0]).toEqual([target, true]);
      if (status === 200) expect([first, second]).toEqual([0, 1]);
    }
  });
});
