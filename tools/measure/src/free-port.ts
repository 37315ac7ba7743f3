import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to outgoing connections and to `listen(0)`, so that none of them takes it meanwhile. */
const range = [10_000, 32_000] as const;

/** Returns a port of this machine that is free now, for a program that must know its port before it listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...range);
    const server = createServer();
    const free = await once(server.listen(port, '127.0.0.1'), 'listening').then(
      () => true,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
        throw error;
      },
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
