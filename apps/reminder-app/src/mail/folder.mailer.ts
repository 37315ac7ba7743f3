import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Delivery, Mailer, OutgoingMail } from './mailer.js';

/**
 * Writes each mail as one `.eml` file named by its Message-ID, whole or not at all. The same mail again replaces its
 * own file, so nothing is ever delivered twice.
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
    const file = await open(`${path}.part`, 'w', 0o600);
    try {
      await file.writeFile(mail.bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
  }

  rest(): Promise<void> {
    return Promise.resolve();
  }
}

/** The left part of our own Message-IDs is made of hexadecimal digits; any other is hashed, for it could hold a path. */
function fileName(messageId: string): string {
  const left = /^<([0-9a-f]+)@/.exec(messageId)?.[1];
  return `${left ?? createHash('sha256').update(messageId).digest('hex')}.eml`;
}
