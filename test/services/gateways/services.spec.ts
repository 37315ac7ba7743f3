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

  it('are told apart by the host name, and a token for one of them does not open the other', async () => {
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
    expect(apis.map((api) => api.take().length)).toEqual([1, 2]);
  });
});
