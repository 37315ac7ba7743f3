import MailComposer from 'nodemailer/lib/mail-composer';
import { addressOnWire } from '#gatehouse/platform';
import { calendarOf } from './calendar.js';
import { digestOf, type PlannedMail } from './digest.js';
import { digestHtml } from './digest-html.js';
import { digestText } from './digest-text.js';
import type { OutgoingMail } from './mailer.js';
import { linksBelow } from './todo-links.js';

interface Sender {
  readonly name: string;
  readonly address: string;
}

export interface MessageParts {
  readonly from: Sender;
  /** Returns the URL with which a recipient unsubscribes. */
  readonly unsubscribeUrl: (recipient: string) => string;
  /** The address of the page on which people see their todos; undefined where there is none. */
  readonly todoPage?: string | undefined;
}

/**
 * Composes the digest as a mail in text and HTML with a calendar file, as it reads at `now`. Every attempt has the
 * same Message-ID. Auto-Submitted suppresses vacation replies (RFC 3834 section 5); List-Unsubscribe-Post lets a mail
 * program unsubscribe for its user (RFC 8058 section 3.1).
 */
export async function writeMessage(
  mail: PlannedMail,
  now: number,
  { from, unsubscribeUrl: urlOf, todoPage }: MessageParts,
): Promise<OutgoingMail> {
  const digest = digestOf(mail, now);
  const unsubscribeUrl = urlOf(mail.recipient);
  const linksOf = todoPage === undefined ? undefined : linksBelow(todoPage);
  const to = addressOnWire(mail.recipient);
  const calendar = calendarOf(digest, domainOf(from), now);
  const bytes = await new MailComposer({
    messageId: mail.messageId,
    date: new Date(now),
    from,
    to: { name: '', address: to },
    subject: digest.subject,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    text: digestText(digest, { unsubscribeUrl, linksOf }),
    html: digestHtml(digest, { unsubscribeUrl, linksOf, from: from.name }),
    attachments: calendar === undefined ? [] : [calendarFile(calendar)],
    baseBoundary: mail.messageId.replace(/\W/g, '').slice(0, 32),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
  return { messageId: mail.messageId, from: from.address, to, bytes };
}

/** The part after the @ in the permanent IDs of mails and events. */
export const domainOf = ({ address }: Sender): string => address.split('@')[1] ?? 'localhost';

const calendarFile = (content: string) => ({
  filename: 'todos.ics',
  content,
  contentType: 'text/calendar; charset=utf-8',
});
