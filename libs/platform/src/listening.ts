import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenFailure } from './exit.js';
import { localUrl } from './own-address.js';

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Where a server listens; `variable` is the setting that moves the port, where that is not PORT. */
interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly variable?: string;
}

/** Starts a server and returns its base URL. Throws an ExitError that names the setting to change. */
export async function listen(server: Server, { host, port, variable }: ListenAddress): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, port, variable)));
    server.listen(port, host, resolve);
  });
  const { address, port: actual } = server.address() as AddressInfo;
  return localUrl(address, actual);
}
