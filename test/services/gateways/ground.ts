import type { Environment } from '#gatehouse/platform';
import { describeWhere } from '../../support/describe-where.js';
import { type Answer, type Header, send, type Sent } from './client.js';
import { endpointOf, forwardAuthGateways, type Gateway, policyFor, startGateway } from './gateway.js';
import { type GatewayWorld, startGatewayWorld } from './gateway-world.js';
import { missingProgram, type ProgramName } from './programs.js';
import { type Arrived, type RecordingApi, startRecordingApi } from './recording-api.js';

/** Runs the same tests through each gateway that calls the forward-auth server. */
export function describeForwardAuth(title: string, tests: (program: ProgramName) => void): void {
  for (const program of Object.keys(forwardAuthGateways) as ProgramName[])
    describeWhere(missingProgram(program))(`${title} through ${program}`, () => tests(program));
}

/** A gateway that calls a real forward-auth server, a recording API behind it, and Ada, who is authorized. */
export interface Ground {
  readonly world: GatewayWorld;
  readonly gateway: Gateway;
  readonly api: RecordingApi;
  /** Records the requests of the gateway to the forward-auth server. */
  readonly questions: RecordingApi;
  readonly ada: Header;
  /** Sends a request with Ada's token beside its own headers. */
  readonly asAda: (sent: Sent) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export async function openGround(
  program: ProgramName,
  env: Environment = {},
  { verdictMs, ...options }: { readonly http2?: boolean; readonly verdictMs?: number } = {},
): Promise<Ground> {
  const world = await startGatewayWorld();
  const api = await world.startApi();
  const forwardAuth = await world.startForwardAuth(env);
  const questions = world.closeLater(await startRecordingApi(forwardAuth.url));
  const isQuestion = ({ target }: Arrived) => target.startsWith('/verify');
  const usual = policyFor(world, api.url);
  const policy = {
    ...usual,
    forwardAuth: [endpointOf(questions.url)] as const,
    limits: { ...usual.limits, ...(verdictMs !== undefined && { verdictMs }) },
  };
  const configuration = forwardAuthGateways[program];
  const gateway = await startGateway(program, { configuration, policy, ...options });
  const ada: Header = ['Authorization', `Bearer ${world.mint.token()}`];
  return {
    ...{ world, gateway, api, ada },
    // Some gateways also check whether it is running.
    questions: { ...questions, take: () => questions.take().filter(isQuestion) },
    asAda: (sent) => send(gateway.url, { ...sent, headers: [ada, ...(sent.headers ?? [])] }),
    async close() {
      await gateway.stop();
      await world.close();
    },
  };
}
