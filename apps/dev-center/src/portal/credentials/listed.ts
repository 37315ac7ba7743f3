import type { CommandIO } from '../../commands/command.js';
import { commands } from '../../commands/index.js';
import type { CommandContext } from '../../context.js';

type Listing = Awaited<ReturnType<typeof commands.list.execute>>;

/** A credential as `npm run credentials -- list` shows it. */
export type ListedCredential = Listing['credentials'][number];

/** The input and output of a command that hands out no secret. */
export const quietIo = (actor: string): CommandIO => ({
  actor,
  report: () => undefined,
  deliver: () => Promise.reject(new Error('this command does not issue a secret')),
});

/** Returns the credentials of one client or of all, as the command lists them. */
export async function listed(
  context: CommandContext,
  actor: string,
  which: { readonly client?: string; readonly all?: boolean } = {},
): Promise<readonly ListedCredential[]> {
  return (await commands.list.execute(which, context, quietIo(actor))).credentials;
}
