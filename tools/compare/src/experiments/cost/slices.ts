import { moveToGeneratorCore } from '../../../../measure/src/child.js';
import { onSchedule } from '../../../../measure/src/load.js';
import type { Run } from '../../experiment.js';
import type { Mode } from '../../modes.js';
import { open, type Server, type Slice, startServer } from './server.js';

/** The extent of the measurement. */
export interface Extent {
  /** The number of restarts of every server: two starts of the same server differ more than two slices of one. */
  readonly starts: number;
  readonly knownSlices: number;
  readonly newSlices: number;
  readonly sliceMs: number;
  readonly warmUpMs: number;
  /** The number of clients that a server has not seen, for its slices of new credentials. */
  readonly strangers: number;
  readonly latencySlices: number;
}

/** The slices of one start of all servers, by the id of the mode; those of the unguarded route are under `open`. */
export interface Start {
  readonly known: ReadonlyMap<string, readonly Slice[]>;
  readonly new: ReadonlyMap<string, readonly Slice[]>;
}

export interface Slices {
  readonly starts: readonly Start[];
  /** Milliseconds at a fixed rate, by the id of the mode. */
  readonly latencies: ReadonlyMap<string, readonly number[]>;
}

/** Measures all servers alternately, so that the state of the machine affects all of them in the same way. */
export async function measureSlices(run: Run, basis: Mode, extent: Extent): Promise<Slices> {
  moveToGeneratorCore();
  const starts: Start[] = [];
  let measured: ReadonlyMap<string, readonly number[]> = new Map();
  for (let number = 1; number <= extent.starts; number += 1) {
    const isLast = number === extent.starts;
    await withServers(run, basis, extent, async (servers) => {
      run.note(`start ${number} of ${extent.starts}: ${servers.length} servers, alternately`);
      starts.push(await oneStart(servers, extent));
      if (isLast) measured = await latencies(servers, extent.latencySlices);
    });
  }
  return { starts, latencies: measured };
}

async function withServers(
  { modes, ground }: Run,
  basis: Mode,
  { strangers: strangerCount }: Extent,
  work: (servers: readonly Server[]) => Promise<void>,
): Promise<void> {
  const wanted: (Mode | undefined)[] = [undefined, ...modes];
  const start = async (started: readonly Server[]): Promise<void> => {
    if (started.length === wanted.length) return work(started);
    const mode = wanted[started.length];
    return ground.withApis(async (apis) =>
      start([...started, await startServer(ground, apis, { mode, strangerCount }, basis)]),
    );
  };
  await start([]);
}

async function oneStart(servers: readonly Server[], extent: Extent): Promise<Start> {
  for (const server of servers) await server.slice('known', server.known, extent.warmUpMs);
  const known = await inTurns(servers, extent.knownSlices, (server) =>
    server.slice('known', server.known, extent.sliceMs),
  );
  const guarded = servers.filter(({ mode }) => mode !== undefined);
  const fresh = await inTurns(guarded, extent.newSlices, async (server) => {
    const requests = server.strangers();
    return requests && server.slice('new', requests, extent.sliceMs);
  });
  // The first slice of new credentials runs code that is not compiled yet.
  return { known, new: new Map([...fresh].map(([id, slices]) => [id, slices.slice(1)])) };
}

/** Runs in the order A B C, C B A, A B C … */
async function inTurns(
  servers: readonly Server[],
  turns: number,
  measure: (server: Server) => Promise<Slice | undefined>,
): Promise<Map<string, Slice[]>> {
  const taken = new Map(servers.map(({ mode }) => [mode?.id ?? open, [] as Slice[]]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const server of turn % 2 === 0 ? servers : servers.toReversed()) {
      const slice = await measure(server);
      if (slice) taken.get(server.mode?.id ?? open)?.push(slice);
    }
  }
  return taken;
}

/** Requests per second, and the time that one server is measured before the next one. */
export const latencyRate = 400;
const turnMs = 500;

/**
 * Measures the milliseconds since each request was due, at a fixed rate, alternating between the servers; by the id of
 * the mode.
 */
export async function latencies(servers: readonly Server[], turns: number) {
  const taken = new Map<string, number[]>();
  for (let turn = 0; turn < turns; turn += 1) {
    for (const { mode, url, known } of servers) {
      const hits = await onSchedule({
        url,
        requests: known,
        rate: latencyRate,
        durationMs: turnMs,
        inFlight: 32,
      });
      const id = mode?.id ?? open;
      // The first requests open the connections.
      const counted = hits.filter(({ dueMs }) => dueMs > 100).map(({ latencyMs }) => latencyMs);
      taken.set(id, [...(taken.get(id) ?? []), ...counted]);
    }
  }
  return taken;
}
