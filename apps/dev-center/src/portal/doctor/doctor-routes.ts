import { strategies } from '#gatehouse/auth';
import { commands, maxCredentialCharacters } from '../../commands/index.js';
import { type IssuerName, issuerNames, issuers } from '../../issuers/index.js';
import { quietIo } from '../credentials/listed.js';
import { page } from '../pages/answer.js';
import { PageProblem } from '../pages/page-problem.js';
import type { OwnVisit, Routes } from '../routes.js';
import { CheckLimit } from './check-limit.js';
import { tryAtTodoApi } from './try-credential.js';

const tooLong = 'The text is longer than any credential. Paste one credential and nothing else.';

/**
 * Shows why a credential is refused. The pasted text is neither stored nor logged, so its page cannot be shown again.
 */
export function addDoctorRoutes({ ownPage, ownForm, portal: { context } }: Routes): void {
  const limit = new CheckLimit(context.clock);
  const judged = async (text: string, actor: string) =>
    await commands.doctor.execute({ file: text }, context, quietIo(actor));

  ownPage('/doctor', async () => Promise.resolve(page('doctor', 'Doctor')));

  const ask = async ({ form, actor, access }: OwnVisit) => {
    const { credential = '' } = form;
    if (credential.trim() === '')
      return page('doctor', 'Doctor', { problem: 'Paste a credential first.' }, 400);
    if (credential.length > maxCredentialCharacters)
      return page('doctor', 'Doctor', { problem: tooLong }, 400);
    limit.count(access.person.subject);
    const { credential: checks, setUp } = await judged(credential, actor);
    // The configuration of FusionAuth is only for people who can change it.
    return page('doctor', 'Doctor', { checks, ...(access.admin && { setUp }) });
  };
  // Without its field, whose content is secret, after another log-in.
  ownForm('/doctor', ask, []);

  ownForm('/try', async ({ form, actor, session }) => {
    const { strategy = '', credential = '' } = form;
    if (!(issuerNames as readonly string[]).includes(strategy) || credential === '')
      throw new PageProblem(400, 'That does not work', 'The form is incomplete: open its page again.');
    limit.count(session.subject);
    const kind = strategy as IssuerName;
    const header = strategies[issuers[kind].strategy].presentation.header(credential);
    const [tried, { credential: checks }] = await Promise.all([
      tryAtTodoApi(context.config.TODO_API_URL ?? '', header),
      judged(header.join(': '), actor),
    ]);
    return page('try', `Try it: ${issuers[kind].title}`, { tried, checks });
  });
}
