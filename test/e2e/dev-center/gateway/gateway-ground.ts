import { type CommandContext, createContext } from '../../../../apps/dev-center/src/context.js';
import type { HandOver } from '../../../../apps/dev-center/src/issuers/issuer.js';
import { type Fault, FaultProxy, faults, http } from '../../../../tools/measure/src/fault-proxy.js';
import { silentLog } from '../../../support/embedded-database.js';
import {
  type CenterWorld,
  commandNamed,
  configFor,
  startCenterWorld,
  type Strategy,
} from '../center-world.js';

// The rest of what a gateway can answer is in libs/fusionauth/src/control/client.spec.ts.
// What stands between the Dev Center and FusionAuth; the Todo API and the clients reach FusionAuth without it.
export const gateways: readonly (readonly [string, Fault])[] = [
  ['404 with a page', faults.nobody],
  ['404 without a body', http('404 Not Found')],
  ['502', http('502 Bad Gateway\r\nContent-Type: text/html', '<h1>502 Bad Gateway</h1>')],
  ['200 with a page', faults.page],
  // Unlike `faults.hang` it leaves no connection behind that is silent for good.
  ['nothing at all', { asked: () => undefined }],
];

export const minutes = (count: number) => count * 60_000;
const trustMilliseconds = 5_000;
export const roles = 'todo-reader,todo-writer';
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each command has a result of its own
type Result = any;

let present = Date.now();
/** Moves the clock of everything in the world. */
export const passed = (milliseconds: number): void => void (present += milliseconds);
const clock = () => present;
export let world: CenterWorld;
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

export async function behind(now: Fault): Promise<void> {
  gateway = now;
  await proxy.set(now);
}

/** Short where no answer comes, long where a busy machine may need time. */
export const center = () => (gateway === faults.none ? patient : impatient);

interface Tried {
  readonly result?: Result;
  readonly exitCode?: number;
  readonly message?: string;
  readonly handedOver: readonly HandOver[];
}

/** Runs a command behind the gateway and never throws; `at` happens when the secret is handed over. */
export async function tried(name: string, args: object = {}, at = () => Promise.resolve()): Promise<Tried> {
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

export async function issued(client: string, strategy: Strategy) {
  const { result, handedOver, message } = await tried('issue', { client, strategy, roles });
  if (!handedOver[0]) throw new Error(message);
  const headers = await world.headersOf(handedOver[0]);
  const works = async () => {
    present += trustMilliseconds;
    return (await fetch(`${world.api.url}/me`, { headers })).status === 200;
  };
  return { client, strategy, id: (result as { credential: string }).credential, works };
}

export async function stateOf(id: string): Promise<string | undefined> {
  const { result } = await tried('list', { all: true });
  return (result as { credentials: { id: string; state: string }[] }).credentials.find((one) => one.id === id)
    ?.state;
}

/** The message of every command that could not reach FusionAuth. */
export const unavailable = {
  exitCode: 4,
  message: expect.stringMatching(/^FusionAuth .*repeat the command/) as string,
};
