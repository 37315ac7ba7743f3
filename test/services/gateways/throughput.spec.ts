import { availableParallelism, loadavg } from 'node:os';
import type { Policy } from '../../../tools/gateways/src/policy.js';
import { getRequest, openConnections } from '../../../tools/measure/src/connection.js';
import { closedLoop } from '../../../tools/measure/src/load.js';
import { median, paired } from '../../../tools/measure/src/statistics.js';
import { startApiProcess } from '../../soak/api-process.js';
import { freshDatabase } from '../../support/fresh-database.js';
import { reportFigure } from '../figures.js';
import { endpointOf, forwardAuthGateways, type Gateway, policyFor, startGateway } from './gateway.js';
import { type GatewayWorld, guardSettings, startGatewayWorld } from './gateway-world.js';
import { describeForwardAuth } from './ground.js';
import { startForwardAuthProcess, startOpenVerifier, type VerifierProcess } from './verifier-process.js';

const rounds = 15;
const roundMs = 600;
const connectionsEach = 8;

/** A gateway under load, and the process that it calls, if any. */
interface Side {
  readonly gateway: Gateway;
  readonly verifier: VerifierProcess | undefined;
}

interface Round {
  readonly perSecond: number;
  readonly gatewayMicroseconds: number;
  readonly verifierMicroseconds: number;
}

describeForwardAuth('the throughput of the Todo API', (program) => {
  let world: GatewayWorld;
  let apiUrl: string;
  let authorization: string;
  const sides: Side[] = [];

  beforeAll(async () => {
    world = await startGatewayWorld();
    authorization = `Bearer ${world.mint.token()}`;
    const fresh = await freshDatabase();
    if (fresh) world.closeLater({ close: () => fresh.drop() });
    const env = { ...guardSettings(world.issuer), DATABASE_URL: fresh?.url, LOG_LEVEL: 'info' };
    const api = await startApiProcess(env, () => undefined);
    world.closeLater({ close: () => api.stop() });
    apiUrl = api.url;
  });
  afterAll(async () => {
    for (const { gateway } of sides) await gateway.stop();
    await world.close();
  });

  async function open(configuration: string, verifier?: VerifierProcess): Promise<Side> {
    const policy: Policy = {
      ...policyFor(world, apiUrl),
      ...(verifier ? { forwardAuth: [endpointOf(verifier.url)] } : {}),
    };
    const gateway = await startGateway(program, { configuration, policy });
    const side = { gateway, verifier };
    sides.push(side);
    return side;
  }

  async function load({ gateway, verifier }: Side): Promise<Round> {
    const request = getRequest(gateway.url, '/todos', { authorization });
    const used = () => [gateway.cpuMilliseconds(), verifier?.cpuMilliseconds() ?? 0] as const;
    const connections = await openConnections(gateway.url, connectionsEach);
    const before = used();
    const { answered, seconds, statuses } = await closedLoop(connections, () => request, roundMs);
    const [gatewayMs, verifierMs] = used();
    connections.forEach((connection) => connection.close());
    expect([...statuses.keys()]).toEqual([200]);
    return {
      perSecond: answered / seconds,
      gatewayMicroseconds: ((gatewayMs - before[0]) * 1000) / answered,
      verifierMicroseconds: ((verifierMs - before[1]) * 1000) / answered,
    };
  }

  async function openSides(): Promise<Readonly<Record<string, Side>>> {
    const configuration = forwardAuthGateways[program];
    const forwardAuth = await startForwardAuthProcess(guardSettings(world.issuer));
    const plain = await startOpenVerifier('plain');
    const bare = await startOpenVerifier('bare');
    for (const verifier of [forwardAuth, plain, bare]) world.closeLater(verifier);
    return {
      guarded: await open(configuration, forwardAuth),
      plain: await open(configuration, plain),
      bare: await open(configuration, bare),
      ...(program === 'haproxy' ? { native: await open('haproxy-native') } : {}),
    };
  }

  // The throughput is a figure and not a condition: the aim is 0.9 of the rate with a verifier that accepts everything.
  it('is measured alternately with forward-auth and with a verifier that judges nothing, and each request is answered', async () => {
    const isBusy = loadavg()[0]! > availableParallelism();
    const opened = Object.entries(await openSides());
    const taken = new Map(opened.map(([name]) => [name, [] as Round[]]));
    for (let round = -2; round < rounds; round += 1) {
      for (const [name, side] of opened) {
        const one = await load(side);
        // The first rounds are for warming up.
        if (round >= 0) taken.get(name)?.push(one);
      }
    }
    const all = (name: string, member: keyof Round) => (taken.get(name) ?? []).map((one) => one[member]);
    const ratio = (above: string, below: string) =>
      paired(all(above, 'perSecond'), all(below, 'perSecond')).median;
    const cost = (name: string) =>
      `${name} ${['gatewayMicroseconds' as const, 'verifierMicroseconds' as const].map((member) => Math.round(median(all(name, member)))).join(' + ')} µs`;
    reportFigure(
      [
        `${program}${isBusy ? ', on a busy machine' : ''}: with forward-auth ${ratio('guarded', 'plain').toFixed(2)} of the requests a second with a server that judges nothing`,
        `${ratio('guarded', 'bare').toFixed(2)} of those with Node alone`,
        ...(taken.has('native') ? [`by its own check ${ratio('native', 'plain').toFixed(2)}`] : []),
        `processor time of a request, gateway + verifier: ${[...taken.keys()].map(cost).join(', ')}`,
      ].join('; '),
    );
  }, 120_000);
});
