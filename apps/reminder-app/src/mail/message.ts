import MailComposer from 'nodemailer/lib/mail-composer';
import { digestHtml } from './digest-html.js';
import { digestOf, digestText, type PlannedMail } from './digest.js';
import type { OutgoingMail } from './mailer.js';

export interface Sender {
  readonly name: string;
  readonly address: string;
}

/**
 * The digest as a mail in text and HTML. Every attempt makes the same bytes under the same Message-ID.
 * Auto-Submitted keeps vacation responders quiet (RFC 3834 section 5).
 */
export async function writeMessage(mail: PlannedMail, from: Sender): Promise<OutgoingMail> {
  const digest = digestOf(mail);
  const bytes = await new MailComposer({
    messageId: mail.messageId,
    date: new Date(mail.plannedAt),
    from,
    to: { name: '', address: mail.recipient },
    subject: digest.subject,
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: digestText(digest),
    html: digestHtml(digest),
    baseBoundary: mail.messageId.replace(/\W/g, '').slice(0, 32),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
  return { messageId: mail.messageId, from: from.address, to: mail.recipient, bytes };
}
