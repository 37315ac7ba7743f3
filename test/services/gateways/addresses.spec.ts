import { describeWhere } from '../../support/describe-where.js';
import { type Header, send } from './client.js';
import { endpointOf, forwardAuthGateways, type Gateway, policyFor, startGateway } from './gateway.js';
import { type GatewayWorld, startGatewayWorld } from './gateway-world.js';
import { missingProgram, type ProgramName } from './programs.js';
import { type RecordingApi, startRecordingApi } from './recording-api.js';

const configurations: (readonly [ProgramName, string])[] = [
  ['haproxy', 'haproxy-native'],
  ...(Object.entries(forwardAuthGateways) as [ProgramName, string][]),
];

for (const [program, configuration] of configurations) {
  describeWhere(missingProgram(program))(`the configuration ${configuration} with addresses of IPv6`, () => {
    let world: GatewayWorld;
    let gateway: Gateway;
    let api: RecordingApi;
    beforeAll(async () => {
      world = await startGatewayWorld();
      const { url } = await world.startForwardAuth();
      api = world.closeLater(await startRecordingApi(undefined, '::1'));
      const forwardAuth = world.closeLater(await startRecordingApi(url, '::1'));
      const policy = {
        ...policyFor(world, api.url),
        forwardAuth: [endpointOf(forwardAuth.url)] as const,
        listen: { address: '::', port: 0 },
      };
      gateway = await startGateway(program, { configuration, policy });
    });
    afterAll(async () => {
      await gateway.stop();
      await world.close();
    });

    it.each(['127.0.0.1', '[::1]'])('guards the API for a client that comes to %s', async (host) => {
      const url = gateway.url.replace('127.0.0.1', host);
      const ada: Header = ['Authorization', `Bearer ${world.mint.token()}`];
      const statuses = [await send(url, { headers: [ada] }), await send(url, {})].map(({ status }) => status);
      expect([statuses, api.take().length]).toEqual([[200, 401], 1]);
    });
  });
}
