import { type Environment, parseConfig } from '#gatehouse/platform';
import { reminderProblems, runFileProblems, schemaFor, seedNotes } from './config.js';

const parse = (environment: Environment) => parseConfig(schemaFor(environment), environment);
const enough = { REFRESH_TOKEN_FILE: '/nowhere/token' };

describe('the configuration of the Reminder', () => {
  it('needs nothing in development but a refresh token', () => {
    expect(parse(enough)).toMatchObject({
      CREDENTIAL_SOURCE: 'jwt',
      TODO_API_URL: 'http://127.0.0.1:3000',
      REMINDER_SCHEDULE: '*/5 * * * *',
      REMINDER_WINDOW_HOURS: 24,
      REMINDER_MIN_GAP_HOURS: 6,
      ON_UNKNOWN: 'hold',
    });
  });

  it('has no defaults for other systems in production', () => {
    expect(() => parse({ NODE_ENV: 'production' })).toThrow(
      /REFRESH_TOKEN_FILE: is required[^]*CLIENT_ID[^]*TODO_API_URL[^]*FUSIONAUTH_URL[^]*SMTP_URL[^]*MAIL_FROM/,
    );
  });

  it.each([
    ['reminders@example.com', '', 'reminders@example.com'],
    ['<reminders@example.com>', '', 'reminders@example.com'],
    ['Todo reminders <reminders@example.com>', 'Todo reminders', 'reminders@example.com'],
    ['Bücher <reminders@bücher.example>', 'Bücher', 'reminders@xn--bcher-kva.example'],
  ])('reads %s as a sender', (MAIL_FROM, name, address) => {
    expect(parse({ ...enough, MAIL_FROM }).MAIL_FROM).toEqual({ name, address });
  });

  it.each(['reminders', 'a@b, c@d', 'a@b\r\nBcc: c@d', 'Eve <a@b> <c@d>', 'Eve "E" <a@b>'])(
    'refuses %j as a sender',
    (MAIL_FROM) => expect(() => parse({ ...enough, MAIL_FROM })).toThrow(/MAIL_FROM: must be an address/),
  );

  it('refuses a sender that only some mail servers accept', () => {
    expect(() => parse({ ...enough, MAIL_FROM: 'bücher@example.com' })).toThrow(
      /MAIL_FROM: must have only ASCII before the @/,
    );
  });

  it('refuses a key of fewer than 32 characters', () => {
    const parsed = (length: number) => parse({ ...enough, UNSUBSCRIBE_KEY: 'k'.repeat(length) });

    expect(() => parsed(31)).toThrow(/UNSUBSCRIBE_KEY: must have at least 32 characters/);
    expect(parsed(32).UNSUBSCRIBE_KEY.reveal()).toHaveLength(32);
  });

  const noFile = expect.stringMatching(/^REFRESH_TOKEN_FILE: \/nowhere\/token does not exist/) as string;
  it('needs its token file on an embedded database', async () => {
    const config = parse(enough);

    expect([await runFileProblems(config), await seedNotes(config)]).toEqual([[noFile], []]);
  });

  it('needs its token file on a database server only if that has no token, which a note says', async () => {
    const config = parse({ ...enough, DATABASE_URL: 'postgresql://db.internal/gatehouse' });

    expect([await runFileProblems(config), await seedNotes(config)]).toEqual([[], [noFile]]);
    expect((await seedNotes(config)).join()).toMatch(/ unless the database has a token already\.$/);
  });

  it('says what is wrong with SMTP_URL without its password', () => {
    const SMTP_URL = 'smtp://user:hunter2@mail.example.com?ignoreTLS=true';

    expect(() => parse({ ...enough, SMTP_URL })).toThrow(/SMTP_URL: must not have a path, query or fragment/);
    expect(() => parse({ ...enough, SMTP_URL })).not.toThrow(/hunter2/);
  });

  it.each(['dev.example.com/todos', 'ftp://dev.example.com', 'javascript:alert(1)', 'https://h/todos?x=1'])(
    'refuses to link mails to %s',
    (TODO_PAGE_URL) => {
      expect(() => parse({ ...enough, TODO_PAGE_URL })).toThrow(
        /TODO_PAGE_URL: must be an http or https URL/,
      );
    },
  );

  it('refuses a page by plain http, unless ALLOW_INSECURE is set', () => {
    const page = { TODO_PAGE_URL: 'http://dev.example.com/todos' };
    expect(reminderProblems(parse({ ...enough, ...page }))).toEqual([
      expect.stringMatching(/^TODO_PAGE_URL: plain http/),
    ]);
    expect(reminderProblems(parse({ ...enough, ...page, ALLOW_INSECURE: '1' }))).toEqual([]);
  });

  it('refuses to send credentials to other machines by plain http, unless ALLOW_INSECURE is set', () => {
    const urls = { TODO_API_URL: 'http://todos.example.com', FUSIONAUTH_URL: 'http://auth.example.com' };

    expect(reminderProblems(parse({ ...enough, ...urls }))).toEqual([
      expect.stringMatching(/^TODO_API_URL: plain http/),
      expect.stringMatching(/^FUSIONAUTH_URL: plain http/),
    ]);
    expect(reminderProblems(parse({ ...enough, ...urls, ALLOW_INSECURE: '1' }))).toEqual([]);
    expect(reminderProblems(parse(enough))).toEqual([]);
  });
});
