import { withClientLock } from '../clients/client-lock.js';
import type { Credential } from '../clients/credential.repository.js';
import { finish, trySettle } from '../lifecycle/settle.js';
import { credentialArgs, findCredential } from './arguments.js';
import { asExitError, databaseCommand } from './command.js';

/** Ends a credential now. */
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
    const notDone = `Something else is due for ${client.name} and could not be done: the Dev Center tries again.`;
    await trySettle(context, client, io, notDone);
    const { strategy, fusionauthId } = credential;
    const others = (await context.credentials.list({ clientId: client.id })).filter(
      (one) => one.strategy === strategy && one.id !== id && ['active', 'retiring'].includes(one.state),
    );
    return {
      credential: id,
      client: client.name,
      strategy,
      madeHere: fusionauthId !== null,
      /** Of the same client and strategy: after a rotation the leaked one may be among them. */
      stillInForce: others.map((one) => ({ credential: one.id, endsAt: one.endsAt?.toISOString() ?? null })),
    };
  });
});

/** One whose end is recorded and unknown to FusionAuth is revoked again. */
const isActive = ({ state }: Credential): boolean => state === 'active';

const recordedOnly =
  'The credential has NOT ended: FusionAuth may accept it still. That it is to end is recorded: run the command again, ' +
  'or keep the Dev Center running, which tries again every few seconds.';
