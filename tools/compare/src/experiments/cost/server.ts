import {
  type Connection,
  getRequest,
  type Headers,
  openConnections,
} from '../../../../measure/src/connection.js';
import { closedLoop, inTurn, type Requests, requireAll200, sendEach } from '../../../../measure/src/load.js';
import type { Mode } from '../../modes.js';
import type { Apis } from '../../world/apis.js';
import type { Ground } from '../../world/ground.js';
import { madeUpCredentials, settingsWith } from '../../world/made-up.js';

/** The number of clients that the server knows while its CPU time is measured. */
const knownCount = 200;
/**
 * The number of connections: enough that the server always has work; fewer where each request needs a call to
 * FusionAuth.
 */
const connectionCounts = { known: 64, new: 16 };

/** The id of the unguarded route, beside the ids of modes. */
export const open = 'open';

/** The result of a slice of load. */
export interface Slice {
  /** Microseconds of the server per request, all threads. */
  readonly cpu: number;
  readonly perSecond: number;
  readonly requests: number;
}

/** A server in a process of its own, under measurement. */
export interface Server {
  readonly mode: Mode | undefined;
  readonly url: string;
  /** Requests of known clients. */
  readonly known: Requests;
  /** Returns requests of clients that it has not seen; undefined once too few are left for another slice. */
  readonly strangers: () => Requests | undefined;
  slice(kind: 'known' | 'new', requests: Requests, durationMs: number): Promise<Slice>;
}

/**
 * Starts a server of a mode, or one with an unguarded route. It knows its clients, and trusts a credential for longer
 * than the measurement, so that known clients stay known.
 */
export async function startServer(
  ground: Ground,
  apis: Apis,
  { mode, strangerCount }: { mode: Mode | undefined; strangerCount: number },
  basis: Mode,
): Promise<Server> {
  const standIn = await ground.standIn();
  const environment = settingsWith(standIn, mode ?? basis, { CREDENTIAL_CACHE_SECONDS: '3600' });
  const { url } = await apis.open({ ...environment, FUSIONAUTH_DEADLINE_MS: '10000' });
  const credentials = await madeUpCredentials(ground, mode ?? basis, knownCount + strangerCount);
  const path = mode ? '/guarded' : '/open';
  const requests = credentials.map((headers: Headers) => getRequest(url, path, headers));
  const known = requests.slice(0, knownCount);
  await sendEach(url, known);
  return {
    mode,
    url,
    known: inTurn(known),
    strangers: strangersOf(requests.slice(knownCount)),
    slice: async (kind, next, durationMs) => {
      const connections = await openConnections(url, connectionCounts[kind]);
      const taken = slice(apis, connections, next, durationMs);
      return taken.finally(() => connections.forEach((connection) => connection.close()));
    },
  };
}

/** Returns each request once. A slice starts only where the last one left enough for another. */
function strangersOf(requests: readonly Buffer[]): () => Requests | undefined {
  let [next, before] = [0, 0];
  return () => {
    const used = next - before;
    before = next;
    if (next + 2 * used >= requests.length) return undefined;
    return () => requests[next++ % requests.length] as Buffer;
  };
}

async function slice(
  apis: Apis,
  connections: readonly Connection[],
  requests: Requests,
  durationMs: number,
): Promise<Slice> {
  const before = await apis.usage();
  const answers = await closedLoop(connections, requests, durationMs);
  const after = await apis.usage();
  requireAll200(answers, 'the server');
  return {
    cpu: (after.cpuMicroseconds - before.cpuMicroseconds) / answers.answered,
    perSecond: answers.answered / answers.seconds,
    requests: answers.answered,
  };
}
