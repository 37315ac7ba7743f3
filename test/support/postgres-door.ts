import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGliteStream } from '../../libs/database/src/pglite-stream.js';
import { databaseTemplate, temporaryDirectory } from './embedded-database.js';

/** A PostgreSQL server on a TCP port that can be taken away, brought back and frozen. */
export class PostgresDoor {
  readonly #server = createServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #frozen = false;

  private constructor(
    private readonly pglite: PGlite,
    private readonly directory: { remove(): Promise<void> },
  ) {}

  /** Closed at first. `schema` replaces what a client requests at connection, which PGlite does not read. */
  static async create(schema: string): Promise<PostgresDoor> {
    const directory = await temporaryDirectory();
    const data = join(directory.path, 'data');
    await cp(await databaseTemplate(), data, { recursive: true });
    const startParams = [...PGlite.defaultStartParams, '-c', `search_path=${schema}`, '-c', 'timezone=UTC'];
    const door = new PostgresDoor(await PGlite.create(data, { startParams }), directory);
    await door.open();
    await door.shut();
    return door;
  }

  get url(): string {
    return `postgresql://postgres@127.0.0.1:${this.#port}/postgres`;
  }

  async open(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Refuses connections and breaks open ones. */
  async shut(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  /** Stops reading, like a stopped process; new connections are still accepted. */
  freeze(): void {
    this.#frozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  thaw(): void {
    this.#frozen = false;
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.shut();
    await this.pglite.close();
    await this.directory.remove();
  }

  /** Shares one session: connections take turns, and the next begins where the last was cleaned up. */
  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const session = new PGliteStream(this.pglite);
    socket.on('error', () => session.destroy());
    session.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    session.connect().once('connect', () => {
      socket.on('data', (bytes: Buffer) => session.write(bytes));
      session.on('data', (bytes: Buffer) => socket.write(bytes));
      socket.on('end', () => socket.end());
      if (this.#frozen) socket.pause();
    });
  }
}
