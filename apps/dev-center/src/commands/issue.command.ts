import { z } from 'zod';
import { flagOption, option } from '#gatehouse/platform';
import type { Client, Person } from '../clients/client.repository.js';
import { withClientLock } from '../clients/client-lock.js';
import type { CommandContext } from '../context.js';
import { issue } from '../lifecycle/issue.js';
import { settle } from '../lifecycle/settle.js';
import { clientArg, expiresArg, misused, roleNames, strategyArg } from './arguments.js';
import { type CommandIO, databaseCommand } from './command.js';
import { issueByDevice } from './issue-by-device.js';

const args = {
  client: clientArg,
  strategy: strategyArg,
  roles: option(roleNames().optional(), {
    about: 'roles of a new client (example: todo-reader,todo-writer)',
    value: 'LIST',
  }),
  owner: option(
    z.union([z.uuid().toLowerCase(), z.email()], 'must be the e-mail or the id of a person').optional(),
    {
      about: 'e-mail or id of the user whose todos a new client works on; by default it has its own',
      value: 'USER',
    },
  ),
  expires: expiresArg,
  device: flagOption('for jwt: a person approves in a browser, and the program acts as that person'),
};

/** Makes a credential for a client, and the client if it is new. */
export const issueCommand = databaseCommand(args, ({ device, ...order }, context, io) => {
  if (device) return issueByDevice(context, order, io);
  const { client: name, strategy, expires, ...wanted } = order;
  return withClientLock(context.database, name, async () => {
    const client = await knownOrNew(context, { name, ...wanted }, io);
    await settle(context, client, io.actor);
    return issue(context, { client, strategy, lifetimeMs: expires }, io);
  });
});

interface WantedClient {
  readonly name: string;
  readonly roles?: readonly string[] | undefined;
  readonly owner?: string | undefined;
}

/**
 * Returns the client. Roles and owner belong to the client, so another credential cannot change them. Repeating the
 * same ones is allowed: a program that was interrupted between the client and its first credential runs the same
 * command again.
 */
async function knownOrNew(context: CommandContext, wanted: WantedClient, io: CommandIO): Promise<Client> {
  const { name, roles, owner } = wanted;
  const known = await context.clients.byName(name);
  if (!known) return newClient(context, wanted, io);
  if (roles && roles.toSorted().join() !== known.roles.toSorted().join()) {
    throw misused(
      `Client ${name} has the roles ${known.roles.join(',')}: omit --roles, or choose another name for another client.`,
    );
  }
  if (owner !== undefined && !(await context.clients.isOwnedBy(known, await personBy(owner, context, io)))) {
    throw misused(
      `Client ${name} has another owner: omit --owner, or choose another name for another client.`,
    );
  }
  return known;
}

async function newClient(
  context: CommandContext,
  { name, roles, owner: user }: WantedClient,
  io: CommandIO,
): Promise<Client> {
  if (!roles) {
    throw misused(
      `Client ${name} is new: set its roles with --roles (example: --roles todo-reader,todo-writer).`,
    );
  }
  const owner = user === undefined ? undefined : await personBy(user, context, io);
  return context.clients.create({ name, roles, owner }, io.actor, new Date(context.clock()));
}

/**
 * Reads the user from FusionAuth. Reminders are mailed to an owner with a verified address, so it is read here rather
 * than at a later log-in.
 */
async function personBy(
  user: string,
  { control, data }: CommandContext,
  { report }: CommandIO,
): Promise<Person> {
  const byEmail = user.includes('@');
  const { people } = control();
  const person = await (byEmail ? people.byEmail(user) : people.byId(user));
  if (!person) throw misused(`FusionAuth has no user with the ${byEmail ? 'e-mail' : 'id'} of --owner.`);
  const { id: subject, email, timeZone } = person;
  if (email === undefined) {
    report(
      'FusionAuth has not verified the e-mail of --owner: no reminder is mailed until it has, and the user has ' +
        'used the Todo API once since.',
    );
  }
  return { issuer: await data.readIssuer(), subject, email, timeZone };
}
