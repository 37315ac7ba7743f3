import { credentialFaces } from '../../../apps/dev-center/src/cli/faces.js';
import { type CommandContext, createContext } from '../../../apps/dev-center/src/context.js';
import type { HandOver } from '../../../apps/dev-center/src/issuers/issuer.js';
import { sweep } from '../../../apps/dev-center/src/lifecycle/sweep.js';
import { type Fault, FaultProxy, faults, http } from '../../../tools/measure/src/fault-proxy.js';
import { silentLog } from '../../support/embedded-database.js';
import {
  type CenterWorld,
  commandNamed,
  configFor,
  startCenterWorld,
  strategies,
  type Strategy,
} from './center-world.js';

// The rest of what a gateway can answer is in libs/fusionauth/src/control/client.spec.ts.
// What stands between the Dev Center and FusionAuth; the Todo API and the clients reach FusionAuth without it.
const gateways: readonly (readonly [string, Fault])[] = [
  ['404 with a page', faults.nobody],
  ['404 without a body', http('404 Not Found')],
  ['502', http('502 Bad Gateway\r\nContent-Type: text/html', '<h1>502 Bad Gateway</h1>')],
  ['200 with a page', faults.page],
  // Unlike `faults.hang` it leaves no connection behind that is silent for good.
  ['nothing at all', { asked: () => undefined }],
];

const minutes = (count: number) => count * 60_000;
const trustMilliseconds = 5_000;
const roles = 'todo-reader,todo-writer';
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each command has a result of its own
type Result = any;

let present = Date.now();
const clock = () => present;
let world: CenterWorld;
let proxy: FaultProxy;
let gateway: Fault = faults.none;
let patient: CommandContext;
let impatient: CommandContext;
beforeAll(async () => {
  world = await startCenterWorld(clock);
  proxy = await FaultProxy.before(world.sandbox.url);
  const config = configFor(world, { FUSIONAUTH_URL: proxy.url });
  const parts = { database: world.api.database, log: silentLog, clock };
  patient = createContext(config, { ...parts, timeoutMs: 2_000 });
  impatient = createContext(config, { ...parts, timeoutMs: 300 });
});
afterAll(async () => {
  await patient.close();
  await impatient.close();
  await proxy.close();
  await world.close();
});
afterEach(() => behind(faults.none));

async function behind(now: Fault): Promise<void> {
  gateway = now;
  await proxy.set(now);
}

/** Short where no answer comes, long where a busy machine may need time. */
const center = () => (gateway === faults.none ? patient : impatient);

interface Tried {
  readonly result?: Result;
  readonly exitCode?: number;
  readonly message?: string;
  readonly handedOver: readonly HandOver[];
}

/** Runs a command behind the gateway and never throws; `at` happens when the secret is handed over. */
async function tried(name: string, args: object = {}, at = () => Promise.resolve()): Promise<Tried> {
  const handedOver: HandOver[] = [];
  const handOver = async (one: HandOver) => {
    handedOver.push(one);
    await at();
  };
  const io = { actor: 'test', report: () => undefined, deliver: handOver };
  try {
    return { handedOver, result: await commandNamed(name).execute(args, center(), io) };
  } catch (error) {
    const { exitCode, message } = error as { exitCode: number; message: string };
    return { handedOver, exitCode, message };
  }
}

async function issued(client: string, strategy: Strategy) {
  const { result, handedOver, message } = await tried('issue', { client, strategy, roles });
  if (!handedOver[0]) throw new Error(message);
  const headers = await world.headersOf(handedOver[0]);
  const works = async () => {
    present += trustMilliseconds;
    return (await fetch(`${world.api.url}/me`, { headers })).status === 200;
  };
  return { client, strategy, id: (result as { credential: string }).credential, works };
}

async function stateOf(id: string): Promise<string | undefined> {
  const { result } = await tried('list', { all: true });
  return (result as { credentials: { id: string; state: string }[] }).credentials.find((one) => one.id === id)
    ?.state;
}

/** The message of every command that could not reach FusionAuth. */
const unavailable = {
  exitCode: 4,
  message: expect.stringMatching(/^FusionAuth .*repeat the command/) as string,
};

let turn = 0;
describe.each(gateways)('behind a gateway that answers %s', (_what, answer) => {
  const each = () => {
    turn += 1;
    return Promise.all(strategies.map((strategy) => issued(`gateway-${turn}-${strategy}`, strategy)));
  };

  it('a revoked credential is not recorded as ended while it works, and ends once FusionAuth is reachable', async () => {
    const all = await each();
    await behind(answer);
    for (const { id, strategy } of all) {
      const { exitCode, message } = await tried('revoke', { id });
      expect([strategy, exitCode, message]).toEqual([strategy, 4, expect.stringContaining('is NOT revoked')]);
    }
    await sweep(center());
    for (const { id, strategy, works } of all)
      expect([strategy, await stateOf(id), await works()]).toEqual([strategy, 'overdue', true]);
    await behind(faults.none);
    await sweep(center());
    for (const { id, strategy, works } of all)
      expect([strategy, await stateOf(id), await works()]).toEqual([strategy, 'ended', false]);
  });

  it('no rotation begins, and the old credential stays as it was', async () => {
    const all = await each();
    await behind(answer);
    for (const { id, client, strategy, works } of all) {
      expect(await tried('rotate', { client, strategy })).toEqual({ handedOver: [], ...unavailable });
      expect([strategy, await stateOf(id), await works()]).toEqual([strategy, 'active', true]);
    }
  });

  it('an overlap that ends meanwhile revokes nothing until FusionAuth has done so', async () => {
    const all = await each();
    for (const { client, strategy } of all) {
      const { handedOver } = await tried('rotate', { client, strategy, overlap: '10m' }, () =>
        behind(answer),
      );
      expect(handedOver).toHaveLength(1);
      await behind(faults.none);
    }
    await behind(answer);
    await sweep(center());
    // There is nothing to tell FusionAuth about the end of an entity before its time has come.
    const untold = all.filter(({ strategy }) => strategy !== 'client-credentials');
    for (const { id } of untold) expect(await stateOf(id)).toBe('active');
    present += minutes(10);
    await sweep(center());
    for (const { id, strategy, works } of all)
      expect([strategy, await stateOf(id), await works()]).toEqual([strategy, 'overdue', true]);
    await behind(faults.none);
    await sweep(center());
    for (const { id, strategy, works } of all)
      expect([strategy, await stateOf(id), await works()]).toEqual([strategy, 'ended', false]);
  });

  it('issue, provision, review and doctor say that FusionAuth could not be asked, and change nothing', async () => {
    const [one] = await each();
    await behind(answer);
    world.sandbox.requests.clear();
    turn += 1;
    for (const strategy of strategies) {
      expect(await tried('issue', { client: `gateway-${turn}-${strategy}`, strategy, roles })).toEqual({
        handedOver: [],
        ...unavailable,
      });
    }
    for (const dryRun of [true, false])
      expect(await tried('provision', { dryRun })).toMatchObject({ exitCode: 4 });
    const { findings } = (await tried('review')).result as {
      findings: { credential: string; kind: string }[];
    };
    expect(findings.filter(({ credential }) => credential === one?.id)).toMatchObject([{ kind: 'unseen' }]);
    const { result } = await tried('doctor');
    expect(credentialFaces['doctor']!.exitCode?.(result as object)).toBe(4);
    const asked = Object.keys(world.sandbox.requests.counts());
    expect(asked.filter((operation) => !operation.startsWith('GET '))).toEqual([]);
  });
});
