import { z } from 'zod';
import { flagOption, option } from '#gatehouse/platform';
import { runCanary } from '../doctor/canary.js';
import { isUnavailable } from '../doctor/check.js';
import { checkCredential } from '../doctor/credential.js';
import { checkSetUp } from '../doctor/set-up.js';
import { review } from '../lifecycle/review.js';
import { provision } from '../provision/provision.js';
import { optionalClientArg, requireClient } from './arguments.js';
import { type Command, databaseCommand, fusionAuthCommand } from './command.js';
import { endSessionsCommand } from './end-sessions.command.js';
import { issueCommand } from './issue.command.js';
import { listCommand } from './list.command.js';
import { revokeCommand } from './revoke.command.js';
import { rotateCommand } from './rotate.command.js';

/** Lists what needs attention: unused, about to expire, with too many or too few permissions. */
const reviewCommand = databaseCommand(
  { client: optionalClientArg, verifyAudit: flagOption('also check the audit trail against its hashes') },
  async ({ client, verifyAudit }, context) => {
    await requireClient(context.clients, client);
    const findings = await review(context, client);
    return { findings, ...(verifyAudit && { audit: await context.audit.verify() }) };
  },
);

/** The longest access token that the Todo API accepts is shorter. */
export const maxCredentialCharacters = 16_384;
const tooLong = `is longer than any credential (${maxCredentialCharacters} characters): the file must contain one credential and nothing else`;

/** Says why a credential is refused, step by step, and whether FusionAuth is configured correctly. */
const doctorCommand = databaseCommand(
  {
    file: option(z.string().max(maxCredentialCharacters, tooLong).optional(), {
      about:
        'file with a credential as it is sent, or with the secret that --out wrote; - reads standard input',
      value: 'FILE',
    }),
    canary: flagOption(
      'also create a user, revoke its access in every way and measure when the Todo API learns of it',
    ),
  },
  async ({ file: text, canary: wanted }, context, io) => {
    const setUp = await checkSetUp(context);
    const credential = text === undefined ? [] : await checkCredential(context, text);
    const canary = wanted && !setUp.some(isUnavailable) ? await runCanary(context, io) : [];
    const ok = [...setUp, ...credential, ...canary].every((check) => check.ok !== false);
    return { setUp, credential, canary, ok };
  },
);

/** Shows how FusionAuth differs from the required configuration, and changes it unless `dryRun`. */
const provisionCommand = fusionAuthCommand(
  { dryRun: flagOption('only show the differences; exit 1 if there are any') },
  ({ dryRun }, context) => provision(context, dryRun),
);

export const commands = {
  list: listCommand,
  issue: issueCommand,
  rotate: rotateCommand,
  revoke: revokeCommand,
  'end-sessions': endSessionsCommand,
  review: reviewCommand,
  doctor: doctorCommand,
  provision: provisionCommand,
} satisfies Record<string, Command>;
