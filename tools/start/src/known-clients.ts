import type { CommandContext } from '../../../apps/dev-center/src/context.js';
import { adopt } from '../../../apps/dev-center/src/lifecycle/adopt.js';
import { otherClients, reminderClient, reminderEntity } from './identities.js';

/** Tells the Dev Center of the clients in the kickstart file, so that it is seen who uses which credential. */
export async function adoptKnownClients(context: CommandContext): Promise<void> {
  const issuer = await context.data.readIssuer();
  for (const { name: client, roles, userId: subject } of [reminderClient, ...otherClients]) {
    const owner = { issuer, subject };
    await adopt(context, { client, roles, owner, strategy: 'jwt', subject });
    if (client !== reminderClient.name) continue;
    await adopt(context, { client, roles, owner, strategy: 'email-token', subject });
    await adopt(context, { client, roles, owner, strategy: 'client-credentials', subject: reminderEntity });
  }
}
