import { runApp } from '#gatehouse/platform';
import { mailboxProblems, mailboxSchema } from './config.js';
import { startMailbox } from './start-mailbox.js';

await runApp({
  name: 'mailbox',
  directory: 'mailbox',
  about: 'catches every mail sent to it and shows it in the browser, in development and tests only',
  schema: mailboxSchema,
  check: mailboxProblems,
  async start({ SMTP_PORT: smtpPort, MAILBOX_PORT: pagePort, DATA_DIR: dataDir }, { log, shutdown }) {
    const mailbox = await startMailbox({ smtpPort, pagePort, dataDir, log });
    shutdown.add('mailbox', () => mailbox.close());
    log.info({ smtp: mailbox.smtpUrl, page: mailbox.pageUrl }, 'the mailbox listens');
  },
});
