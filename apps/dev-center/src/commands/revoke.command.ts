import { z } from 'zod';
import type { Credential } from '../clients/credential.repository.js';
import { oneAtATime } from '../clients/one-at-a-time.js';
import { type IssuerName, issuers } from '../issuers/index.js';
import { finish, settle } from '../life/settle.js';
import { explained } from '../run-command.js';
import { command } from './command.js';
import { findOne, which, whichOptions } from './which.js';

export const revokeCommand = command({
  usage: 'revoke ID | --client NAME --strategy STRATEGY',
  about: 'ends a credential now',
  options: whichOptions,
  positional: 'id',
  schema: z.object(which),
  run: async (meant, center, { actor, tell }) => {
    const found = await findOne(center, meant, accepted);
    const { client } = found;
    return oneAtATime(center.database(), client.name, async () => {
      const credential = await findOne(center, { id: found.id });
      await center.store().credentials.revoked(credential, { actor, action: 'revoke' });
      // Before anything else about the client, which could fail.
      await finish(center, credential, { actor, action: 'end' }).catch((error: unknown) => {
        throw explained(error, recordedOnly);
      });
      await settle(center, client, actor).catch((error: unknown) => {
        center.log.warn({ err: error, client: client.name }, 'what else is due for a client is not done');
        tell(`Something else is due for ${client.name} and could not be done: the Dev Center tries again.`);
      });
      const { id, strategy, fusionauthId } = credential;
      return { credential: id, client: client.name, strategy, madeHere: fusionauthId !== null };
    });
  },
  show: ({ credential, client, strategy, madeHere }) =>
    madeHere
      ? `${credential} of ${client} has ended. ${issuers[strategy as IssuerName].endsWithin}`
      : `${credential} of ${client} was not made here, and counts as ended: FusionAuth accepts it until you end it there.`,
});

/** One whose end is recorded, and of which FusionAuth was not told, is revoked again. */
const accepted = ({ state }: Credential): boolean => state === 'active';

const recordedOnly =
  'The credential has NOT ended: FusionAuth may accept it still. That it is to end is recorded: run the command again, ' +
  'or keep the Dev Center running, which tries again every few seconds.';
