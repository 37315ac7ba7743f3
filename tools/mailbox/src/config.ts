import { z } from 'zod';
import { commonSettings, port, setting } from '#gatehouse/platform';

/** The settings of the mailbox. It has no HOST: only this machine may read the mails of a development. */
export const mailboxSchema = z.object({
  SMTP_PORT: setting(port().default(1025), {
    about: 'port of the SMTP server of the mailbox; 0 picks a free one',
    example: '1025',
  }),
  MAILBOX_PORT: setting(port().default(1080), {
    about: 'port of the mailbox page; 0 picks a free one',
    example: '1080',
  }),
  LOG_LEVEL: commonSettings.LOG_LEVEL,
  NODE_ENV: setting(
    z
      .enum(
        ['development', 'test'],
        'must not be production: mails end in the mailbox, nobody would receive them',
      )
      .default('development'),
    { about: 'development or test', example: 'development' },
  ),
});
