import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';

type Done = (error?: Error | null) => void;

/** The socket that node-postgres talks to when PostgreSQL runs in this process: bytes in, PGlite's answer out. */
export class PGliteStream extends Duplex {
  constructor(private readonly pglite: PGlite) {
    super();
  }

  /** Every connection gets the same session; what a broken one left in it (transaction, statements) is discarded. */
  connect(): this {
    const clean = this.pglite.isInTransaction() ? this.pglite.exec('rollback') : Promise.resolve();
    clean
      .then(() => this.pglite.exec('discard all'))
      .then(
        () => this.emit('connect'),
        (error: unknown) => this.destroy(error as Error),
      );
    return this;
  }

  override _write(bytes: Buffer, _encoding: string, done: Done): void {
    this.pglite.execProtocolRaw(bytes).then(
      (answer) => {
        if (answer.length > 0) this.push(answer);
        done();
      },
      (error: unknown) => done(error as Error),
    );
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', done);
  }

  override _final(done: Done): void {
    this.push(null);
    done();
  }

  override _read(): void {
    // PGlite answers when it is written to.
  }

  // What node-postgres asks of a socket and an in-process one has no use for.
  setNoDelay = (): this => this;
  setKeepAlive = (): this => this;
  ref = (): this => this;
  unref = (): this => this;
}
