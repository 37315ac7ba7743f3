import { z } from 'zod';
import { commonSettings, dataDirProblem, line, port, setting } from '#gatehouse/platform';
import { mailFolder } from './mail-directory.js';

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
  DATA_DIR: setting(line().default('.data'), {
    about: 'directory that keeps the mails, in mailbox/, for the next start',
    example: '.data',
  }),
  LOG_LEVEL: commonSettings.LOG_LEVEL,
  NODE_ENV: setting(
    z
      .enum(
        ['development', 'test'],
        'must not be production: mails stay in the mailbox, nobody would receive them',
      )
      .default('development'),
    { about: 'development or test', example: 'development' },
  ),
});

type MailboxConfig = z.output<typeof mailboxSchema>;

/** Returns the problems between settings, or with the directory that they name. */
export function mailboxProblems({ SMTP_PORT, MAILBOX_PORT, DATA_DIR }: MailboxConfig): string[] {
  const isOnePort = SMTP_PORT === MAILBOX_PORT && SMTP_PORT !== 0;
  return [
    ...(isOnePort ? ['MAILBOX_PORT: must not be the same as SMTP_PORT'] : []),
    ...dataDirProblem(DATA_DIR, mailFolder),
  ];
}
