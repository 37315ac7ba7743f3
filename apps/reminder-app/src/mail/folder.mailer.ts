import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Delivery, Mailer, OutgoingMail } from './mailer.js';

/**
 * Writes each mail atomically to a `.eml` file named by its Message-ID. The file is created exclusively, so that a
 * repeated mail finds it and nothing is delivered twice or changed after delivery.
 */
export class FolderMailer implements Mailer {
  readonly idempotent = true;

  constructor(private readonly folder: string) {}

  async deliver(mail: OutgoingMail): Promise<Delivery> {
    try {
      await this.#write(mail);
      return { kind: 'sent' };
    } catch (error) {
      const reason = `${this.folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
      return { kind: 'later', reason, serverDown: true };
    }
  }

  async #write(mail: OutgoingMail): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, fileName(mail.messageId));
    const draft = `${path}.${randomUUID()}.part`;
    try {
      await writeFile(draft, mail.bytes, { flag: 'wx', mode: 0o600, flush: true });
      // Unlike a rename, a link does not replace an existing file.
      await link(draft, path).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(draft, { force: true });
    }
  }

  rest(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * Returns the name of a mail's file. The left part of our own Message-IDs consists of hexadecimal digits; any other
 * is hashed, because it could contain a path.
 */
function fileName(messageId: string): string {
  const left = /^<([0-9a-f]+)@/.exec(messageId)?.[1];
  return `${left ?? createHash('sha256').update(messageId).digest('hex')}.eml`;
}
