import { z } from 'zod';
import { commonSettings, databaseUrl, line, port, setting } from '#gatehouse/platform';
import { mailboxSchema } from '../../mailbox/src/config.js';

const portSetting = (of: string, fallback: number) =>
  setting(port().default(fallback), {
    about: `port of ${of}; 0 picks a free one`,
    example: String(fallback),
  });

/** The settings of `npm start` itself; the apps read their own from the same environment. */
export const startSchema = z.object({
  HOST: commonSettings.HOST,
  NODE_ENV: setting(
    z
      .enum(
        ['development', 'test'],
        'must not be production, because npm start uses the sandbox instead of FusionAuth: run each app alone',
      )
      .default('development'),
    { about: 'development or test', example: 'development' },
  ),
  LOG_LEVEL: setting(commonSettings.LOG_LEVEL, {
    about: 'lowest level written to the log file; warnings and errors are also shown',
    example: 'info',
  }),
  TODO_API_PORT: portSetting('the Todo API', 3000),
  TODO_API_METRICS_PORT: portSetting('its metrics', 9000),
  DEV_CENTER_PORT: portSetting('the Dev Center', 3001),
  SANDBOX_PORT: portSetting('the sandbox, which replaces FusionAuth', 9011),
  MAILBOX_PORT: mailboxSchema.shape.MAILBOX_PORT,
  SMTP_PORT: mailboxSchema.shape.SMTP_PORT,
  UNSUBSCRIBE_PORT: portSetting('the page where people unsubscribe from the mails', 3003),
  DATA_DIR: setting(line().default('.data'), {
    about: 'directory of the embedded databases, secrets, tokens, mails and the log',
    example: '.data',
  }),
  DATABASE_URL: setting(databaseUrl().optional(), {
    secret: true,
    about: 'PostgreSQL server; unset: PostgreSQL embedded in DATA_DIR',
    example: 'postgresql://gatehouse:password@localhost:5432/gatehouse',
  }),
  REMINDER_SCHEDULE: setting(line().default('*/10 * * * * *'), {
    about: 'when the Reminder App runs: cron in UTC, seconds first',
    example: '*/10 * * * * *',
  }),
});

export type StartConfig = z.output<typeof startSchema>;
