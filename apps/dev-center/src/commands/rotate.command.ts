import { exitCodes, ExitError, option } from '#gatehouse/platform';
import { withClientLock } from '../clients/client-lock.js';
import type { Credential } from '../clients/credential.repository.js';
import type { CommandContext } from '../context.js';
import { issue } from '../lifecycle/issue.js';
import { settle } from '../lifecycle/settle.js';
import { credentialArgs, durationMs, expiresArg, findCredential, misused } from './arguments.js';
import { databaseCommand } from './command.js';

const args = {
  ...credentialArgs,
  overlap: option(durationMs().optional(), {
    about: 'how long both credentials work, 24h by default; 0s revokes the old one immediately',
    value: 'SPAN',
  }),
  expires: expiresArg,
};

const defaultOverlapMs = 24 * 3_600_000;

/** Creates a successor that works before the old credential is revoked. */
export const rotateCommand = databaseCommand(
  args,
  async ({ overlap = defaultOverlapMs, expires, ...which }, context, io) => {
    const { id, client } = await findCredential(context, which);
    return withClientLock(context.database, client.name, async () => {
      await settle(context, client, io.actor);
      // Read again, because a command that held the lock before may have rotated it.
      const credential = await findCredential(context, { id });
      refuseDeviceSession(credential);
      await refuseSecondRotation(context, credential);
      const predecessor = { credential, overlapMs: overlap };
      return issue(context, { client, strategy: credential.strategy, lifetimeMs: expires, predecessor }, io);
    });
  },
);

/** Its successor would need the approval of a person too, and any number may be active at the same time. */
function refuseDeviceSession({ id, client, personId }: Credential): void {
  if (personId === null) return;
  throw misused(
    `A person approved ${id}, so it cannot be rotated: "npm run credentials -- issue --client ${client.name} --strategy jwt ` +
      '--device" asks for another session, which works beside this one. Then revoke this one.',
  );
}

/** One overlap at a time for each client and strategy; otherwise it would be unclear which credential is current. */
async function refuseSecondRotation(
  { credentials, clock }: CommandContext,
  { id, client, strategy }: Credential,
): Promise<void> {
  const all = await credentials.list({ clientId: client.id });
  const ending = all.find(
    (one) =>
      one.strategy === strategy &&
      one.state !== 'planned' &&
      one.endsAt &&
      (one.fusionauthId ?? one.endsAt.getTime() > clock()),
  );
  if (!ending?.endsAt) return;
  const which = ending.id === id ? 'This credential' : `Its predecessor ${ending.id}`;
  throw new ExitError(
    `${which} is already being replaced and expires at ${ending.endsAt.toISOString()}. Nothing was changed: wait until ` +
      'then, or revoke it first.',
    exitCodes.workHeld,
  );
}
