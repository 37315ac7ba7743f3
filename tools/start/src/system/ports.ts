import { randomInt } from 'node:crypto';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { exitCodes, ExitError, listenFailure } from '#gatehouse/platform';

/**
 * Returns the configuration with a free port for every setting NAME_PORT that is 0. Before anything starts, checks that
 * all others are free. Throws one ExitError that names every port in use.
 */
export async function claimPorts<C extends { readonly HOST: string }>(config: C): Promise<C> {
  const wanted = Object.entries<unknown>(config).filter(([name]) => name.endsWith('_PORT')) as [
    string,
    number,
  ][];
  const probes = await Promise.allSettled(wanted.map(([name, port]) => probe(config.HOST, port, name)));
  const held = probes.filter((probe) => probe.status === 'fulfilled').map(({ value }) => value);
  // All stay bound until now, so that no free port is assigned twice.
  await Promise.all(held.map(({ release }) => release()));
  const refusals = probes.filter((probe) => probe.status === 'rejected').map(({ reason }) => reason as Error);
  if (refusals.length > 0) {
    const code = refusals[0] instanceof ExitError ? refusals[0].exitCode : exitCodes.unavailable;
    throw new ExitError(refusals.map(({ message }) => message).join('\n'), code);
  }
  return { ...config, ...Object.fromEntries(held.map(({ variable, port }) => [variable, port])) };
}

/**
 * The lowest port to try. Free ports are chosen below the range that systems assign themselves (Linux from 32768,
 * others from 49152), so that nothing takes one between the check and the start of an app.
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
