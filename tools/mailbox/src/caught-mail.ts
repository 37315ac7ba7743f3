import PostalMime, { type Address, type Email } from 'postal-mime';

export interface CaughtAttachment {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

/** A mail as it arrived at the SMTP catcher. */
export interface CaughtMail {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly from: string;
  /** The recipients of the SMTP envelope, which decide delivery; the To header may say something else. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string | undefined;
  readonly text: string;
  readonly html: string | undefined;
  readonly attachments: readonly CaughtAttachment[];
  /** The message as received, including its headers. */
  readonly raw: Buffer;
}

export interface Delivery {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
}

/** Reads a message; one that is not MIME is stored as source only, so that nothing is lost. */
export async function readMail(delivery: Delivery, id: string, receivedAt: number): Promise<CaughtMail> {
  const email = await parse(delivery.raw);
  return {
    ...delivery,
    id,
    receivedAt,
    from: email.from ? addressText(email.from) : delivery.from,
    subject: email.subject?.trim() || '(no subject)',
    messageId: email.messageId,
    text: email.text?.trim() ?? '',
    html: email.html,
    attachments: email.attachments.map(({ filename, mimeType, content }, index) => ({
      name: filename || `attachment-${index + 1}`,
      type: mimeType,
      content: Buffer.from(content as ArrayBuffer),
    })),
  };
}

async function parse(raw: Buffer): Promise<Pick<Email, 'attachments'> & Partial<Email>> {
  try {
    return await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
  } catch {
    return { subject: '(unreadable message)', text: raw.toString('utf8'), attachments: [] };
  }
}

const addressText = ({ name, address }: Address): string =>
  address ? (name ? `${name} <${address}>` : address) : name;

/** Returns the first words of a mail for the list. */
export function previewOf({ text }: Pick<CaughtMail, 'text'>, length = 140): string {
  const line = text.slice(0, length * 4).replace(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length).trimEnd()}…` : line;
}
