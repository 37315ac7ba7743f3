import { randomInt } from 'node:crypto';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { exitCodes, ExitError, listenFailure } from '#gatehouse/platform';

/**
 * The configuration with a free port for every setting NAME_PORT that is 0. Makes sure, before anything starts, that
 * all the others can be listened on. Throws one ExitError that names every port that is taken.
 */
export async function claimPorts<C extends { readonly HOST: string }>(config: C): Promise<C> {
  const wanted = Object.entries<unknown>(config).filter(([name]) => name.endsWith('_PORT')) as [
    string,
    number,
  ][];
  const probes = await Promise.allSettled(wanted.map(([name, port]) => probe(config.HOST, port, name)));
  const held = probes.filter((probe) => probe.status === 'fulfilled').map(({ value }) => value);
  // All were held until now, so that no free port is handed out twice.
  await Promise.all(held.map(({ release }) => release()));
  const refusals = probes.filter((probe) => probe.status === 'rejected').map(({ reason }) => reason as Error);
  if (refusals.length > 0) {
    const code = refusals[0] instanceof ExitError ? refusals[0].exitCode : exitCodes.unavailable;
    throw new ExitError(refusals.map(({ message }) => message).join('\n'), code);
  }
  return { ...config, ...Object.fromEntries(held.map(({ variable, port }) => [variable, port])) };
}

/**
 * Free ports are looked for below those that systems hand out by themselves (Linux from 32768, others from 49152): between
 * the probe and the start of an app nothing else is then given the port.
 */
const lowest = 20_000;
const highest = 32_000;
const attempts = 20;

async function probe(host: string, wanted: number, variable: string) {
  const server = wanted === 0 ? await listenSomewhere(host) : await listen(host, wanted, variable);
  const { port } = server.address() as AddressInfo;
  return { variable, port, release: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

async function listenSomewhere(host: string): Promise<Server> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const server = await listen(host, randomInt(lowest, highest), '').catch(() => undefined);
    if (server) return server;
  }
  return listen(host, 0, '');
}

async function listen(host: string, port: number, variable: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, port, variable)));
    server.listen(port, host, resolve);
  });
  return server;
}
