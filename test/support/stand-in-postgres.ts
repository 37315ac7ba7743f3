import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface StandInPostgres {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A stand-in for a PostgreSQL server: it ends each connection with an error of this SQLSTATE and message
 * (ErrorResponse of the PostgreSQL protocol), or, without one, accepts it and never says a word.
 */
export async function standInPostgres(refusal?: { code: string; message: string }): Promise<StandInPostgres> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    if (refusal) socket.once('data', () => socket.end(errorResponse(refusal)));
    else socket.resume();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `postgresql://app:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}/app`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function errorResponse({ code, message }: { code: string; message: string }): Buffer {
  // cspell:ignore SFATAL VFATAL
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
