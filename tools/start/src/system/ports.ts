import { type AddressInfo, createServer } from 'node:net';
import { exitCodes, ExitError, listenFailure } from '#gatehouse/platform';
import { type StartConfig, startSchema } from '../config.js';

type PortName = Extract<keyof StartConfig, `${string}_PORT`>;

/** The settings that are ports. */
export const portNames = Object.keys(startSchema.shape).filter((name) =>
  name.endsWith('_PORT'),
) as PortName[];

/** The configuration with a free port wherever 0 was asked for; see {@link claimPorts}. */
export async function claimAddresses(config: StartConfig): Promise<StartConfig> {
  const wanted = Object.fromEntries(portNames.map((name) => [name, config[name]])) as Record<
    PortName,
    number
  >;
  return { ...config, ...(await claimPorts(config.HOST, wanted)) };
}

/**
 * Makes sure that every wanted port can be listened on before anything starts, and replaces 0 by a free one.
 * `wanted` maps the name of a variable to its port. Throws one ExitError that names every port that is taken.
 */
export async function claimPorts<Name extends string>(
  host: string,
  wanted: Readonly<Record<Name, number>>,
): Promise<Record<Name, number>> {
  const entries = Object.entries(wanted) as [Name, number][];
  const probes = await Promise.allSettled(entries.map(([name, port]) => probe(host, port, name)));
  const held = probes.filter((probe) => probe.status === 'fulfilled').map(({ value }) => value);
  // All were held until now, so that no free port is handed out twice.
  await Promise.all(held.map(({ release }) => release()));
  const refusals = probes.filter((probe) => probe.status === 'rejected').map(({ reason }) => reason as Error);
  if (refusals.length > 0) {
    const code = refusals[0] instanceof ExitError ? refusals[0].exitCode : exitCodes.unavailable;
    throw new ExitError(refusals.map(({ message }) => message).join('\n'), code);
  }
  return Object.fromEntries(held.map(({ variable, port }) => [variable, port])) as Record<Name, number>;
}

async function probe(host: string, wanted: number, variable: string) {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, wanted, variable)));
    server.listen(wanted, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { variable, port, release: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
