import { z } from 'zod';
import { credentialSettings, settingsOf } from '#gatehouse/credentials';
import {
  commonSettings,
  httpUrl,
  insecureUrlProblem,
  integer,
  optionalSecret,
  secret,
  setting,
  type Environment,
  type SettingAbout,
} from '#gatehouse/platform';
import { isMailUrl } from './mail/open-mailer.js';
import { isSchedule } from './watch.js';

const smtpUrl: SettingAbout = {
  about: 'mail server, smtp://user:password@host:587 or smtps://…; folder:/path writes .eml files instead',
  example: 'smtps://user:password@mail.example.com',
  developmentDefault: 'smtp://127.0.0.1:1025',
};

const mailFrom = z
  .string()
  .regex(
    /^([^<>@",;:\\]+ )?<?[^\s<>@",;:\\]+@[^\s<>@",;:\\]+>?$/,
    'must be an address, or a name and an address in <>',
  )
  .transform((text) => {
    const [, name = '', address = text] = /^(.*?)\s*<(.+)>$/.exec(text) ?? [];
    return { name, address };
  });

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
  SMTP_URL: setting(
    secret(smtpUrl).refine(
      (url) => isMailUrl(url.reveal()),
      'must be smtp://host:port, smtps://host:port or folder:/path',
    ),
    { ...smtpUrl, secret: true },
  ),
  MAIL_FROM: setting(mailFrom, {
    about: 'sender of the mails',
    example: 'Todo reminders <reminders@example.com>',
    developmentDefault: 'Todo reminders <reminders@gatehouse.example>',
  }),
  REMINDER_SCHEDULE: setting(z.string().refine(isSchedule, 'must be a cron pattern').default('*/5 * * * *'), {
    about: 'cron pattern of watch, in UTC',
    example: '*/5 * * * *',
  }),
  REMINDER_WINDOW_HOURS: setting(integer(1, 168).default(24), {
    about: 'todos due within this many hours are mailed',
    example: '24',
  }),
  REMINDER_MIN_GAP_HOURS: setting(integer(0, 168).default(6), {
    about: 'least hours between two digests to a person, unless a todo is due within 2 hours',
    example: '6',
  }),
  ON_UNKNOWN: setting(z.enum(['hold', 'resend']).default('hold'), {
    about: 'what becomes of a mail whose SMTP reply was lost: held for a decision, or sent again',
    example: 'hold',
  }),
  DATABASE_URL: optionalSecret({
    about: 'PostgreSQL server; unset = embedded in DATA_DIR',
    example: 'postgresql://user:password@localhost:5432/gatehouse',
  }),
  DATA_DIR: setting(z.string().default('.data'), {
    about: 'directory of the embedded database; one process at a time',
    example: '.data',
  }),
  LOG_LEVEL: commonSettings.LOG_LEVEL,
  NODE_ENV: commonSettings.NODE_ENV,
  ALLOW_INSECURE: commonSettings.ALLOW_INSECURE,
});

export type ReminderConfig = z.output<typeof reminderSchema>;

/** The schema for one environment: the settings of the chosen credential source are required in it. */
export const schemaFor = (environment: Environment): typeof reminderSchema =>
  reminderSchema.extend(settingsOf(environment['CREDENTIAL_SOURCE'])) as never;

/** Rules between settings, one line for each that is broken. */
export const reminderProblems = (config: ReminderConfig): string[] =>
  (['TODO_API_URL', 'FUSIONAUTH_URL'] as const).flatMap((name) =>
    insecureUrlProblem(name, config[name], config.ALLOW_INSECURE),
  );
