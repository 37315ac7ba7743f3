import { setTimeout as delay } from 'node:timers/promises';
import {
  type ScriptedSmtp,
  type SmtpScript,
  startScriptedSmtp,
} from '../../../../test/support/scripted-smtp.js';
import { smtpLimits, SmtpMailer, type SmtpOptions } from './smtp.mailer.js';

describe('the mailer over SMTP', () => {
  let server: ScriptedSmtp | undefined;
  let mailer: SmtpMailer;
  const stop = new AbortController();

  afterEach(async () => {
    await mailer.rest();
    await server?.close();
    server = undefined;
  });

  async function against(script: SmtpScript, limits: SmtpOptions['limits'] = {}): Promise<ScriptedSmtp> {
    server = await startScriptedSmtp(script);
    mailer = new SmtpMailer({ host: '127.0.0.1', port: server.port, tls: 'none', limits });
    return server;
  }

  const deliver = (to = 'ada@example.com', signal = stop.signal) =>
    mailer.deliver(
      { messageId: '<1@a.example>', from: 'me@a.example', to, bytes: Buffer.from('Hi\r\n') },
      signal,
    );

  async function deliverAll(count: number) {
    const kinds: string[] = [];
    for (let mail = 1; mail <= count; mail++) kinds.push((await deliver(`${mail}@example.com`)).kind);
    return kinds;
  }

  describe('with a limited number of mails per session', () => {
    it.each(['452 4.5.3 Too many messages sent', '421 4.7.0 too many', '550 5.7.0 too many'])(
      'continues in a new one when MAIL is answered by %s',
      async (reply) => {
        const { taken, connections } = await against({ toMail: (mail) => (mail > 2 ? reply : undefined) });

        expect(await deliverAll(5)).toEqual(Array(5).fill('sent'));
        expect(taken).toEqual([1, 2, 3, 4, 5].map((mail) => `${mail}@example.com`));
        expect(connections()).toBe(3);
      },
    );

    it('sends at most ten in one, because some servers only queue the eleventh', async () => {
      const { connections, commands } = await against({});

      expect(await deliverAll(21)).toEqual(Array(21).fill('sent'));
      await mailer.rest();
      const leaves = () => commands.filter((line) => line === 'QUIT').length;
      while (leaves() < 3) await delay(5);
      expect([leaves(), connections()]).toEqual([3, 3]);
    });
  });

  describe('if a new session refuses MAIL too', () => {
    it.each(['452 4.3.1 no space', '550 5.7.1 sender refused', '553 5.1.8 no such domain'])(
      'blames the server, not the mail, for %s',
      async (reply) => {
        const { connections } = await against({ toMail: () => reply });

        expect(await deliver()).toEqual({
          kind: 'later',
          serverDown: true,
          reason: `the server accepts no mail from this sender: ${reply}`,
        });
        expect(connections()).toBe(1);
      },
    );

    it('tries once more over a new connection, and no third time', async () => {
      const { connections } = await against({
        toMail: (mail, on) => (on > 1 || mail > 1 ? '452 later' : undefined),
      });

      expect(await deliverAll(2)).toEqual(['sent', 'later']);
      expect(connections()).toBe(2);
    });

    it('refuses a mail that is too large for the server', async () => {
      await against({ offers: ['SIZE'], toMail: () => '552 5.3.4 too large' });

      expect(await deliver()).toMatchObject({ kind: 'refused' });
    });
  });

  describe('the time limit for a server', () => {
    const minutes = (count: number) => count * 60_000;

    it('is at least that of RFC 5321 section 4.5.3.2', () => {
      expect(smtpLimits.greetingMs).toBeGreaterThanOrEqual(minutes(5));
      expect(smtpLimits.commandMs).toBeGreaterThanOrEqual(minutes(5));
      expect(smtpLimits.replyMs).toBeGreaterThanOrEqual(minutes(10));
      expect(smtpLimits.mailMs).toBeGreaterThanOrEqual(minutes(5 + 5 + 5 + 2 + 3 + 10));
    });

    it('is longer for a greeting than for a connection', async () => {
      await against({ greetsAfter: 800 }, { connectMs: 500, greetingMs: 10_000 });

      expect(await deliver()).toEqual({ kind: 'sent' });
    });

    it('ends when no greeting comes', async () => {
      await against({ greetsAfter: 5_000 }, { greetingMs: 150 });

      expect(await deliver()).toMatchObject({ kind: 'later', serverDown: true });
    });

    it('is longer after the final dot than before, for every mail of a session', async () => {
      await against({ repliesAfter: 800 }, { commandMs: 500, replyMs: 10_000 });

      expect(await deliverAll(2)).toEqual(['sent', 'sent']);
    });

    it('is the short one again for the next mail', async () => {
      const { connections } = await against(
        { toDot: () => '450 later' },
        { commandMs: 500, replyMs: 10_000 },
      );
      await deliver();
      await delay(700);
      await deliver();

      expect(connections()).toBe(2);
    });
  });

  describe('after the worker is asked to stop', () => {
    it('waits briefly for a pending reply, and reports it', async () => {
      await against({ repliesAfter: 200 }, { afterStopMs: 5_000 });
      const stopped = new AbortController();
      setTimeout(() => stopped.abort(), 50);

      expect(await deliver('ada@example.com', stopped.signal)).toEqual({ kind: 'sent' });
    });

    it('reports a mail that was not handed over as not sent', async () => {
      const { connections } = await against({ greetsAfter: 5_000 }, { afterStopMs: 50 });

      expect(await deliver('ada@example.com', AbortSignal.abort())).toMatchObject({
        kind: 'later',
        serverDown: true,
      });
      expect(connections()).toBe(1);
    });

    it('reports a mail that was handed over as unknown', async () => {
      const { taken } = await against({ repliesAfter: 60_000 }, { afterStopMs: 50 });
      const stopped = new AbortController();
      const delivered = deliver('ada@example.com', stopped.signal);
      while (taken.length === 0) await delay(5);
      stopped.abort();

      expect(await delivered).toMatchObject({ kind: 'unknown' });
    });
  });

  describe('an address with non-ASCII characters before the @', () => {
    it('is not sent to a server without SMTPUTF8, and the next mail uses the same session', async () => {
      const { commands, connections } = await against({ offers: ['8BITMIME'] });

      expect(await deliver('пётр@example.com')).toEqual({
        kind: 'refused',
        reason: expect.stringMatching(/does not offer SMTPUTF8/) as string,
      });
      expect(await deliver()).toEqual({ kind: 'sent' });
      expect(connections()).toBe(1);
      expect(commands.filter((line) => line.startsWith('RCPT'))).toEqual(['RCPT TO:<ada@example.com>']);
    });

    it('is sent if the server offers SMTPUTF8', async () => {
      const { commands } = await against({ offers: ['SMTPUTF8', 'SIZE 1000000'] });

      expect(await deliver('пётр@example.com')).toEqual({ kind: 'sent' });
      expect(commands).toContain('MAIL FROM:<me@a.example> SMTPUTF8 SIZE=4');
      expect(commands).toContain('RCPT TO:<пётр@example.com>');
    });
  });

  it('names the server that it cannot connect to', async () => {
    const { port, close } = await against({});
    await close();

    expect(await deliver()).toEqual({
      kind: 'later',
      serverDown: true,
      reason: `cannot connect to 127.0.0.1 port ${port}: ECONNREFUSED`,
    });
  });
});
