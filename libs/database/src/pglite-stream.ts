import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';

type Done = (error?: Error | null) => void;

/** The socket of node-postgres when PostgreSQL runs in this process: passes bytes to PGlite and returns its answer. */
export class PGliteStream extends Duplex {
  constructor(private readonly pglite: PGlite) {
    super();
  }

  /**
   * Every connection gets the same session; the state that a broken one left (transaction, statements) is discarded.
   */
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

  // Methods of a socket that node-postgres calls and an in-process stream does not need.
  setNoDelay = (): this => this;
  setKeepAlive = (): this => this;
  ref = (): this => this;
  unref = (): this => this;
}
