import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenFailure } from './exit.js';
import { localUrl } from './own-address.js';

export interface Listening {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The address of a server; `variable` is the setting of the port, if it is not PORT. */
interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly variable?: string;
}

/** Starts a server and returns its base URL. Throws an ExitError that names the setting to change. */
export function listen(server: Server, address: ListenAddress): Promise<string> {
  const started = new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, resolve);
  });
  return listensAt(server, address, started);
}

/** As {@link listen}; `close` ends every connection, because browsers and clients keep theirs open. */
export async function serve(server: Server, address: ListenAddress): Promise<Listening> {
  const url = await listen(server, address);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, close };
}

/** As {@link listen}, for a server that a framework starts: `started` is the promise of its `listen`. */
export async function listensAt(
  server: Server,
  { port, variable }: Omit<ListenAddress, 'host'>,
  started: Promise<unknown>,
): Promise<string> {
  await started.catch((error: unknown) => {
    throw listenFailure(error as NodeJS.ErrnoException, port, variable);
  });
  const { address, port: actual } = server.address() as AddressInfo;
  return localUrl(address, actual);
}
