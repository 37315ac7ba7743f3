import { z } from 'zod';
import { credentialSettings, settingsOf, sourceProblems } from '#gatehouse/credentials';
import {
  addressOnWire,
  commonSettings,
  databaseUrl,
  type Environment,
  httpUrl,
  insecureUrlProblem,
  integer,
  keyText,
  line,
  metricsPortProblem,
  metricsPortSetting,
  needsSmtpUtf8,
  port,
  secretHttpUrl,
  setting,
  word,
} from '#gatehouse/platform';
import { mailFolderProblem, mailUrl } from './mail/mail-url.js';
import { isSchedule } from './schedule/schedule.js';

const leastKeyLength = 32;

const mailFrom = line()
  .regex(
    /^(?:[^<>@",;:\\]+ )?<[^\s<>@",;:\\]+@[^\s<>@",;:\\]+>$|^[^\s<>@",;:\\]+@[^\s<>@",;:\\]+$/,
    'must be an address, or a name and an address in <>',
  )
  .transform((text) => {
    const [, name = '', address = text] = /^(.*?)\s*<(.+)>$/.exec(text) ?? [];
    return { name, address: addressOnWire(address) };
  })
  .refine(
    ({ address }) => !needsSmtpUtf8(address),
    'must have only ASCII before the @, because not every mail server accepts more',
  );

export const reminderSchema = z.object({
  ...credentialSettings,
  TODO_API_URL: setting(httpUrl(), {
    about: 'base URL of the Todo API',
    example: 'https://todos.example.com',
    developmentDefault: 'http://127.0.0.1:3000',
  }),
  FUSIONAUTH_URL: setting(httpUrl(), {
    about: 'base URL of FusionAuth, where discovery is read',
    example: 'https://auth.example.com',
    developmentDefault: 'http://127.0.0.1:9011',
  }),
  DEV_CENTER_URL: setting(httpUrl().optional(), {
    about: 'URL of the Dev Center, where a credential is obtained; used in messages',
    example: 'https://dev.example.com',
    developmentDefault: 'http://127.0.0.1:3001',
  }),
  SMTP_URL: setting(mailUrl(), {
    secret: true,
    about: 'mail server, smtp://user:password@host:587 or smtps://…; folder:/path writes .eml files instead',
    example: 'smtps://user:password@mail.example.com',
    developmentDefault: 'smtp://127.0.0.1:1025',
  }),
  SMTP_TLS_NAME: setting(word().optional(), {
    about:
      "name that the mail server's certificate must have; unset: the host of SMTP_URL (NODE_EXTRA_CA_CERTS sets the " +
      'file of a CA of your own)',
    example: 'mail.example.com',
  }),
  MAIL_FROM: setting(mailFrom, {
    about: 'sender of the mails',
    example: 'Todo reminders <reminders@example.com>',
    developmentDefault: 'Todo reminders <reminders@gatehouse.example>',
  }),
  UNSUBSCRIBE_URL: setting(httpUrl(), {
    about: 'public URL of "reminder serve"; the links in the mails begin with it',
    example: 'https://reminders.example.com',
    developmentDefault: 'http://127.0.0.1:3003',
  }),
  UNSUBSCRIBE_KEY: setting(
    keyText().refine(
      (key) => key.reveal().length >= leastKeyLength,
      `must have at least ${leastKeyLength} characters`,
    ),
    {
      secret: true,
      about: `key of at least ${leastKeyLength} characters that signs the unsubscribe links`,
      example: 'the output of: openssl rand -base64 32',
      developmentDefault: 'unsubscribe-key-of-development-only',
    },
  ),
  TODO_PAGE_URL: setting(httpUrl().optional(), {
    about:
      'where people see their todos, /todos of the Dev Center; the mails then link each todo; unset: without links',
    example: 'https://dev.example.com/todos',
  }),
  PORT: setting(port().default(3_003), {
    about: 'port of "reminder serve", the unsubscribe page; 0 picks a free one',
    example: '3003',
  }),
  HOST: commonSettings.HOST,
  METRICS_PORT: metricsPortSetting(9_003, ' of "reminder watch"'),
  HEARTBEAT_URL: setting(secretHttpUrl().optional(), {
    secret: true,
    about: 'URL that gets a POST after each completed run, for a monitor that alerts when none arrives',
    example: 'https://monitor.example.com/ping/reminder',
  }),
  REMINDER_SCHEDULE: setting(line().refine(isSchedule, 'must be a cron pattern').default('*/5 * * * *'), {
    about: 'cron pattern of watch, in UTC',
    example: '*/5 * * * *',
  }),
  REMINDER_WINDOW_HOURS: setting(integer(1, 168).default(24), {
    about: 'todos due within this many hours are mailed',
    example: '24',
  }),
  REMINDER_MIN_GAP_HOURS: setting(integer(0, 168).default(6), {
    about: 'minimum hours between two digests to a person, unless a todo is due within 2 hours',
    example: '6',
  }),
  ON_UNKNOWN: setting(z.enum(['hold', 'resend']).default('hold'), {
    about: 'what to do with a mail whose SMTP reply was lost: hold it for a decision, or resend it',
    example: 'hold',
  }),
  DATABASE_URL: setting(databaseUrl().optional(), {
    secret: true,
    about: 'PostgreSQL server; unset: PostgreSQL embedded in DATA_DIR',
    example: 'postgresql://user:password@localhost:5432/gatehouse',
  }),
  DATA_DIR: setting(line().default('.data'), {
    about: 'directory of the embedded database; one process at a time',
    example: '.data',
  }),
  LOG_LEVEL: commonSettings.LOG_LEVEL,
  NODE_ENV: commonSettings.NODE_ENV,
  ALLOW_INSECURE: commonSettings.ALLOW_INSECURE,
});

export type ReminderConfig = z.output<typeof reminderSchema>;

/** Returns the schema for an environment, in which the settings of the chosen credential source are required. */
export const schemaFor = (environment: Environment): typeof reminderSchema =>
  reminderSchema.extend(settingsOf(environment['CREDENTIAL_SOURCE'])) as never;

/** Returns contradictions between settings, a line each. */
export const reminderProblems = (config: ReminderConfig): string[] => [
  ...(['TODO_API_URL', 'FUSIONAUTH_URL', 'UNSUBSCRIBE_URL'] as const).flatMap((name) =>
    insecureUrlProblem(name, config[name], config.ALLOW_INSECURE),
  ),
  ...(config.TODO_PAGE_URL === undefined
    ? []
    : insecureUrlProblem('TODO_PAGE_URL', config.TODO_PAGE_URL, config.ALLOW_INSECURE)),
  ...metricsPortProblem(config, 9_003),
];

/**
 * Returns what is wrong with the files that a run reads and writes, a line each, and changes nothing: the token file
 * and the folder for mails.
 */
export const runFileProblems = async (config: ReminderConfig): Promise<string[]> => [
  ...(config.DATABASE_URL === undefined ? await sourceProblems(config, 'store') : []),
  ...mailFolderProblem(config.SMTP_URL),
];

/**
 * Returns a sentence for `--check-config` if the token file is not usable although workers share a token: only the
 * database shows whether that is an error.
 */
export const seedNotes = async (config: ReminderConfig): Promise<string[]> =>
  config.DATABASE_URL === undefined
    ? []
    : (await sourceProblems(config, 'seed')).map(
        (problem) => `${problem} This is an error unless the database has a token already.`,
      );
