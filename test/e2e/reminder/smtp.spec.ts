import { setTimeout as delay } from 'node:timers/promises';
import type { Mailer } from '../../../apps/reminder-app/src/mail/mailer.js';
import { SmtpMailer } from '../../../apps/reminder-app/src/mail/smtp.mailer.js';
import { type FaultySmtp, type SmtpFault, startSmtp } from './faulty-smtp.js';

describe('mail by SMTP', () => {
  let smtp: FaultySmtp;
  let mailer: Mailer;
  let sent = 0;

  beforeAll(async () => {
    smtp = await startSmtp();
  });
  afterAll(() => smtp.close());
  beforeEach(() => {
    mailer = mailerFor(smtp);
    Object.assign(smtp.state, { faults: [], received: [], connections: 0 });
  });
  afterEach(() => mailer.rest());

  const mailerFor = ({ url }: FaultySmtp, more: object = {}) =>
    new SmtpMailer({
      host: '127.0.0.1',
      port: Number(new URL(url).port),
      tls: 'offered',
      limits: { greetingMs: 5_000, commandMs: 5_000, replyMs: 5_000 },
      ...more,
    });

  const never = new AbortController().signal;
  const deliver = (stop = never) =>
    mailer.deliver(
      {
        messageId: `<${String(++sent)}@gatehouse.example>`,
        from: 'reminders@gatehouse.example',
        to: 'ada@example.com',
        bytes: Buffer.from(`Subject: mail ${String(sent)}\r\n\r\nWater the plants\r\n.\r\nand the trees\r\n`),
      },
      stop,
    );

  it('arrives unchanged, even with a line of one dot', async () => {
    expect(await deliver()).toEqual({ kind: 'sent' });

    expect(smtp.state.received).toEqual([
      expect.objectContaining({
        subject: `mail ${String(sent)}`,
        text: 'Water the plants\n.\nand the trees\n',
      }),
    ]);
  });

  it('uses one connection for many mails', async () => {
    for (let mail = 0; mail < 5; mail++) expect(await deliver()).toEqual({ kind: 'sent' });

    expect(smtp.state.connections).toBe(1);
  });

  const rows: [string, SmtpFault, object][] = [
    ['421 as greeting', { at: 'greeting', reply: 421 }, { kind: 'later', serverDown: true }],
    ['554 as greeting', { at: 'greeting', reply: 554 }, { kind: 'later', serverDown: true }],
    ['421 to MAIL', { at: 'mail', reply: 421 }, { kind: 'later', serverDown: true }],
    ['451 to MAIL', { at: 'mail', reply: 451 }, { kind: 'later', serverDown: true }],
    ['550 to MAIL', { at: 'mail', reply: 550 }, { kind: 'later', serverDown: true }],
    ['421 to RCPT', { at: 'rcpt', reply: 421 }, { kind: 'later', serverDown: true }],
    ['450 to RCPT', { at: 'rcpt', reply: 450 }, { kind: 'later', serverDown: false }],
    ['550 to RCPT', { at: 'rcpt', reply: 550 }, { kind: 'refused' }],
    ['421 to the final dot', { at: 'data', reply: 421 }, { kind: 'later', serverDown: true }],
    ['452 to the final dot', { at: 'data', reply: 452 }, { kind: 'later', serverDown: false }],
    ['554 to the final dot', { at: 'data', reply: 554 }, { kind: 'refused' }],
    ['a connection cut after the final dot', { at: 'data', then: 'drop' }, { kind: 'unknown' }],
    ['silence after the final dot', { at: 'data', then: 'hang' }, { kind: 'unknown' }],
  ];
  it.each(rows)('classifies %s, and sends the next mail', async (_what, fault, expected) => {
    // Silence is waited out, so its patience is short.
    if ('then' in fault && fault.then === 'hang')
      mailer = mailerFor(smtp, { limits: { commandMs: 1_000, replyMs: 1_000 } });
    smtp.state.faults = [fault];

    expect(await deliver()).toMatchObject(expected);
    expect(await deliver()).toEqual({ kind: 'sent' });
  });

  it('requests another attempt if it cannot connect', async () => {
    const gone = await startSmtp();
    await gone.close();

    expect(await mailerForMail(gone)).toMatchObject({ kind: 'later', serverDown: true });
  });

  it('requests another attempt if required TLS is not offered, and sends nothing', async () => {
    mailer = mailerFor(smtp, { tls: 'required' });

    expect(await deliver()).toMatchObject({ kind: 'later', serverDown: true });
    expect(smtp.state.received).toEqual([]);
  });

  it('requests another attempt if the certificate is not trusted, and sends nothing', async () => {
    const selfSigned = await startSmtp({ disabledCommands: [] });

    expect(await mailerForMail(selfSigned)).toMatchObject({
      kind: 'later',
      serverDown: true,
      reason: expect.stringMatching(/certificate/i) as string,
    });
    expect(selfSigned.state.received).toEqual([]);
    await selfSigned.close();
  });

  it('requests another attempt if the log-in is refused, because the mail is not the cause', async () => {
    const strict = await startSmtp({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('wrong password')),
    });

    expect(await mailerForMail(strict, { login: { user: 'reminder', pass: 'wrong' } })).toMatchObject({
      kind: 'later',
      serverDown: true,
    });
    expect(await mailerForMail(strict)).toMatchObject({ kind: 'later', serverDown: true });
    await strict.close();
  });

  it('gives up on a server that takes longer than a mail may take', async () => {
    mailer = mailerFor(smtp, { limits: { mailMs: 1_500 } });
    smtp.state.faults = [{ at: 'data', then: 'hang' }];
    const begun = Date.now();

    expect(await deliver()).toMatchObject({ kind: 'unknown' });
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  it('sends a mail over a new connection immediately if the server ends one that carried others', async () => {
    await deliver();
    smtp.state.faults = [{ at: 'mail', reply: 421 }];

    expect(await deliver()).toEqual({ kind: 'sent' });
    expect(smtp.state.connections).toBe(2);

    smtp.state.faults = [
      { at: 'mail', reply: 421 },
      { at: 'greeting', reply: 421 },
    ];
    expect(await deliver()).toMatchObject({ kind: 'later', serverDown: true });
  });

  it('does not open a new connection once it is asked to stop', async () => {
    await deliver();
    smtp.state.faults = [{ at: 'mail', reply: 421 }];

    expect(await deliver(AbortSignal.abort())).toMatchObject({ kind: 'later', serverDown: true });
    expect(smtp.state.connections).toBe(1);
  });

  it('opens a new connection if the server ended the old one between two mails', async () => {
    await deliver();
    smtp.cutConnections();
    await delay(50);

    expect(await deliver()).toEqual({ kind: 'sent' });
    expect(smtp.state.connections).toBe(2);
  });

  function mailerForMail(server: FaultySmtp, more: object = {}) {
    mailer = mailerFor(server, more);
    return deliver();
  }
});
