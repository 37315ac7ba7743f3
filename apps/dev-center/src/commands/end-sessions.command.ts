import { z } from 'zod';
import { option } from '#gatehouse/platform';
import { withClientLock } from '../clients/client-lock.js';
import type { Credential } from '../clients/credential.repository.js';
import type { CommandContext } from '../context.js';
import { issuers } from '../issuers/index.js';
import { misused, optionalClientArg, requireClient } from './arguments.js';
import { asExitError, type CommandIO, databaseCommand } from './command.js';

const id = z.uuid();

const args = {
  user: option(z.union([id.toLowerCase(), z.email()], 'must be the e-mail or the id of a user').optional(), {
    about: 'e-mail or id of the user',
    value: 'USER',
  }),
  client: optionalClientArg,
};

/** The user whose sessions have ended, and their number. */
export interface Ended {
  readonly userId: string;
  /** The client of the service user; null for a person. */
  readonly client: string | null;
  readonly sessions: number;
}

/**
 * Ends all sessions of a user, or of a client's service users, in all applications. This includes single sign-on,
 * which survives the revocation of one application's refresh token. If run again, it ends the sessions that have
 * begun since.
 */
export const endSessionsCommand = databaseCommand(args, async ({ user, client }, context, io) => {
  if ((user === undefined) === (client === undefined))
    throw misused('Name either a user, by e-mail or id, or a client by --client.');
  const credentials = await context.credentials.list();
  if (client !== undefined) {
    const own = credentials.filter((one) => one.client.name === client && hasSessions(one));
    if (own.length === 0) {
      await requireClient(context.clients, client);
      throw misused(
        `Client ${client} has no credential with sessions: revoke its credentials with "npm run credentials -- revoke".`,
      );
    }
    return { ended: await endSessionsOfClient(context, own, io) };
  }
  const userId = await userNamed(user ?? '', context);
  const known = credentials.filter((one) => one.fusionauthId === userId);
  const ended =
    known.length > 0
      ? await endSessionsOfClient(context, known, io)
      : [await endSessionsOf(context, userId, null)];
  return { ended };
});

/** Made here as a user of FusionAuth that logs in. The sessions of a person who approved a device are not the client's. */
const hasSessions = ({ strategy, fusionauthId, personId }: Credential): boolean =>
  fusionauthId !== null && personId === null && issuers[strategy].hasSessions;

async function userNamed(user: string, { control }: CommandContext): Promise<string> {
  const { people, users } = control();
  const byId = id.safeParse(user).success;
  const found = byId ? (await users.read(user)) && user : (await people.byEmail(user))?.id;
  if (found === undefined)
    throw misused(`FusionAuth has no user with the ${byId ? 'id' : 'e-mail'} ${user}.`);
  return found;
}

/**
 * Ends the sessions of a client's credentials. Writes the audit entry before it calls FusionAuth, so that it ends none
 * without an entry.
 */
async function endSessionsOfClient(
  context: CommandContext,
  credentials: readonly Credential[],
  { actor }: CommandIO,
): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (const credential of credentials) {
    const { client, fusionauthId } = credential;
    const one = await withClientLock(context.database, client.name, async () => {
      await context.credentials.note(credential, { actor, action: 'end-sessions' });
      return endSessionsOf(context, fusionauthId ?? '', client.name);
    });
    ended.push(one);
  }
  return ended;
}

async function endSessionsOf(
  { control }: CommandContext,
  userId: string,
  client: string | null,
): Promise<Ended> {
  const sessions = await control()
    .sessions.endAll(userId)
    .catch((error: unknown) => {
      throw asExitError(error, `The sessions of ${userId} may NOT have ended: run the command again.`);
    });
  return { userId, client, sessions };
}
