import { hash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  exitCodes,
  ExitError,
  HeldElsewhere,
  lockPath,
  type Logger,
  NoLocksHere,
  unwritable,
  writePrivateFile,
} from '#gatehouse/platform';
import { type CaughtMail, type Delivery, readMail } from './caught-mail.js';

/** The first line of a file, as a header of the mail, so that mail programs can open the file too. */
const header = 'X-Mailbox: ';
const lineEnd = '\r\n';
const headerSchema = z.object({
  receivedAt: z.number(),
  from: z.string(),
  to: z.array(z.string()),
  /** Digest of the text after that line: detects a file that was cut short or changed. */
  sha256: z.string(),
});

const fileName = /^(\d{1,15})\.eml$/;
/** Names of files left by a kill during a write; see {@link writePrivateFile}. */
const unfinishedName = /^\d{1,15}\.eml\.[\da-f-]{36}\.new$/;

/** The directory below DATA_DIR in which the mailbox stores its mails. */
export const mailFolder = 'mailbox';

/** Stores the mails of a mailbox in a directory, one file each, so that they survive a restart. */
export class MailDirectory {
  readonly #unlock: () => void;
  #lastId: number;

  /** Throws an ExitError 75 where another process uses the directory, and 78 where it cannot be written. */
  constructor(
    private readonly path: string,
    private readonly log: Logger,
  ) {
    this.#unlock = lock(path);
    // The ids of damaged files count too, so that no new mail replaces one.
    this.#lastId = Math.max(0, ...this.#ids());
  }

  /** Reads the mails of earlier runs, oldest first. A file that is damaged is skipped with a warning. */
  async *read(): AsyncGenerator<CaughtMail> {
    for (const name of readdirSync(this.path)) if (unfinishedName.test(name)) this.#delete(name);
    for (const id of this.#ids().sort((one, other) => one - other)) {
      const mail = await this.#readMail(id);
      if (mail) yield mail;
    }
  }

  /** Stores a mail; resolves once it is on disk. Rejects with an ExitError 78 where it cannot be written. */
  async store(delivery: Delivery, receivedAt: number): Promise<CaughtMail> {
    const id = String((this.#lastId += 1));
    const { from, to, raw } = delivery;
    const line = JSON.stringify({ receivedAt, from, to, sha256: hash('sha256', raw) });
    writePrivateFile(this.#file(id), Buffer.concat([Buffer.from(header + line + lineEnd), raw]));
    return readMail(delivery, id, receivedAt);
  }

  delete(id: string): void {
    this.#delete(`${id}.eml`);
  }

  close(): void {
    this.#unlock();
  }

  #file(id: string): string {
    return join(this.path, `${id}.eml`);
  }

  #ids(): number[] {
    const found = readdirSync(this.path).map((name) => fileName.exec(name)?.[1]);
    return found.filter((id) => id !== undefined).map(Number);
  }

  async #readMail(id: number): Promise<CaughtMail | undefined> {
    const file = this.#file(String(id));
    try {
      const { receivedAt, ...delivery } = parse(readFileSync(file));
      return await readMail(delivery, String(id), receivedAt);
    } catch (error) {
      const why = (error as Error).message;
      this.log.warn({ file, why }, `${file} is damaged and is not shown: delete it, or restore it`);
      return undefined;
    }
  }

  #delete(name: string): void {
    const file = join(this.path, name);
    try {
      rmSync(file, { force: true });
    } catch (error) {
      this.log.warn({ err: error, file }, `${file} could not be deleted: delete it yourself`);
    }
  }
}

function parse(content: Buffer): Delivery & { receivedAt: number } {
  const end = content.indexOf(lineEnd);
  if (end < 0 || content.toString('utf8', 0, header.length) !== header)
    throw new Error('its first line is missing');
  const json: unknown = JSON.parse(content.toString('utf8', header.length, end));
  const { sha256, ...envelope } = headerSchema.parse(json);
  const raw = content.subarray(end + lineEnd.length);
  if (hash('sha256', raw) !== sha256) throw new Error('its content is not what was written');
  return { ...envelope, raw };
}

/** Locks the directory: two processes could give two mails the same id. */
function lock(path: string): () => void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
    return lockPath(path);
  } catch (error) {
    if (error instanceof HeldElsewhere) {
      throw new ExitError(
        `The directory of the mails, ${path}, is in use by ${error.holder}: stop that process, or choose another DATA_DIR.`,
        exitCodes.directoryInUse,
      );
    }
    if (error instanceof NoLocksHere) {
      throw new ExitError(
        `Mails cannot be stored in ${path}: ${error.fileSystem} does not exclude other machines. Set DATA_DIR to a directory on a local disk.`,
        exitCodes.badConfiguration,
      );
    }
    throw unwritable(path, error);
  }
}
