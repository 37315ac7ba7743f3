import { createConnection, type Socket } from 'node:net';
import { writeMessage } from '../../../../apps/reminder-app/src/mail/message.js';
import { SmtpMailer } from '../../../../apps/reminder-app/src/mail/smtp.mailer.js';
import { serveParent, settings } from '../../../measure/src/serve.js';

export type Sending = 'pooled' | 'unpooled' | 'bare';

const { smtpUrl } = settings as { smtpUrl: string };
const port = Number(new URL(smtpUrl).port);
const hour = 3_600_000;
const now = Date.now();
const mail = await writeMessage(
  {
    id: 1,
    messageId: '<0123456789abcdef@gatehouse.example>',
    recipient: 'ada@example.com',
    timeZone: 'Europe/London',
    plannedAt: now,
    todos: ['Call the bank', 'Pay the rent', 'Buy oat milk'].map((title, index) => ({
      id: String(index),
      title,
      dueAt: now + (index + 1) * hour,
    })),
    total: 3,
  },
  now,
  {
    from: { name: 'Todo reminders', address: 'reminders@gatehouse.example' },
    unsubscribeUrl: () => 'https://reminders.example.com/unsubscribe/of-no-use-here',
  },
);

const mailer = new SmtpMailer({ host: '127.0.0.1', port, tls: 'none' });
const never = new AbortController().signal;

const senders: Record<Sending, (times: number) => Promise<void>> = {
  /** Sends as the Reminder does: one connection for ten. */
  async pooled(times) {
    for (let number = 0; number < times; number += 1) await deliver();
    await mailer.rest();
  },
  /** Sends as many programs do: a connection for each. */
  async unpooled(times) {
    for (let number = 0; number < times; number += 1) {
      await deliver();
      await mailer.rest();
    }
  },
  /** Writes the same dialogue straight to a socket: the minimum for any mailer. */
  async bare(times) {
    const socket = createConnection(port, '127.0.0.1');
    const say = dialogue(socket);
    await say('', 220);
    await say('EHLO bench\r\n', 250);
    const body = Buffer.concat([mail.bytes, Buffer.from('\r\n.\r\n')]);
    for (let number = 0; number < times; number += 1) {
      await say(`MAIL FROM:<${mail.from}>\r\n`, 250);
      await say(`RCPT TO:<${mail.to}>\r\n`, 250);
      await say('DATA\r\n', 354);
      await say(body, 250);
    }
    socket.end('QUIT\r\n');
  },
};

async function deliver(): Promise<void> {
  const delivery = await mailer.deliver(mail, never);
  if (delivery.kind !== 'sent') throw new Error(`not sent: ${delivery.reason}`);
}

/** Writes a line and waits for the whole reply, which must have that code. */
function dialogue(socket: Socket) {
  let text = '';
  let heard = () => {};
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    heard();
  });
  return async (line: string | Buffer, code: number): Promise<void> => {
    if (line.length > 0) socket.write(line);
    while (!/^\d{3} .*\r\n$/m.test(text)) await new Promise<void>((resolve) => (heard = resolve));
    if (!text.includes(`${code} `)) throw new Error(`expected ${code}: ${text}`);
    text = '';
  };
}

/** Returns mails per second. */
async function send({ by, times }: { by: Sending; times: number }): Promise<number> {
  const began = performance.now();
  await senders[by](times);
  return (times / (performance.now() - began)) * 1000;
}

serveParent('', { send });
