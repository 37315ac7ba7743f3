import { withClientLock } from '../clients/client-lock.js';
import type { Credential } from '../clients/credential.repository.js';
import { finish, trySettle } from '../lifecycle/settle.js';
import { credentialArgs, findCredential } from './arguments.js';
import { asExitError, databaseCommand } from './command.js';

/** Revokes a credential now. */
export const revokeCommand = databaseCommand(credentialArgs, async (args, context, io) => {
  const { actor } = io;
  const { id, client } = await findCredential(context, args, isActive);
  return withClientLock(context.database, client.name, async () => {
    const credential = await findCredential(context, { id });
    await context.credentials.revoke(credential, { actor, action: 'revoke' });
    // Before anything else about the client, which could fail.
    await finish(context, credential, { actor, action: 'end' }).catch((error: unknown) => {
      throw asExitError(error, recordedOnly);
    });
    const notDone = `Another change for ${client.name} is due and could not be made: the Dev Center retries.`;
    await trySettle(context, client, io, notDone);
    const { strategy, fusionauthId } = credential;
    const others = (await context.credentials.list({ clientId: client.id })).filter(
      (one) => one.strategy === strategy && one.id !== id && ['active', 'retiring'].includes(one.state),
    );
    return {
      credential: id,
      client: client.name,
      strategy,
      issuedHere: fusionauthId !== null,
      /** Of the same client and strategy: after a rotation the leaked one may be among them. */
      stillActive: others.map((one) => ({ credential: one.id, endsAt: one.endsAt?.toISOString() ?? null })),
    };
  });
});

/** Tells whether it can be revoked: one whose end is recorded but unknown to FusionAuth can be revoked again. */
const isActive = ({ state }: Credential): boolean => state === 'active';

const recordedOnly =
  'The credential is NOT revoked: FusionAuth may still accept it. The revocation is recorded: run the command again, ' +
  'or keep the Dev Center running, which retries every few seconds.';
