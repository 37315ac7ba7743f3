import { z } from 'zod';
import type { Center } from '../center.js';
import type { Client, Person } from '../clients/client.repository.js';
import { oneAtATime } from '../clients/one-at-a-time.js';
import { duration } from '../life/duration.js';
import { issue, type Issued } from '../life/issue.js';
import { settle } from '../life/settle.js';
import type { Talk } from '../talk.js';
import { command } from './command.js';
import { roleNames } from './role-names.js';
import { shownIssued } from './shown-issued.js';
import { clientName, issuerName, misused, whichOptions } from './which.js';

const schema = z.object({
  client: clientName(),
  strategy: issuerName(),
  roles: roleNames().optional(),
  owner: z.email('must be the e-mail of a person').optional(),
  expires: duration().optional(),
});

export const issueCommand = command({
  usage:
    'issue --client NAME --strategy STRATEGY [--roles LIST] [--owner EMAIL] [--expires SPAN] [--out FILE]',
  about: 'makes a credential for a client, and the client if it is new',
  options: {
    ...whichOptions,
    roles: { type: 'string', about: 'what a new client may do, todo-reader,todo-writer for example' },
    owner: {
      type: 'string',
      about: 'e-mail of the person whose todos a new client works on; without it on its own',
    },
    expires: { type: 'string', about: 'how long it is good, 90d for example' },
  },
  schema,
  issues: true,
  run: ({ client: name, strategy, expires, ...wanted }, center, talk) =>
    oneAtATime(center.database(), name, async () => {
      const client = await knownOrNew(center, { name, ...wanted }, talk);
      await settle(center, client, talk.actor);
      const expiresAt = expires === undefined ? undefined : center.clock() + expires;
      const issued = await issue(center, { client, strategy, expiresAt }, talk);
      return { client: name, strategy, ...shownFields(issued) };
    }),
  show: shownIssued,
});

/** The result of issuing and rotating: everything but the secret. */
export const shownFields = ({ id, expiresAt, settings }: Issued) => ({
  credential: id,
  expiresAt: expiresAt?.toISOString() ?? null,
  settings,
});

interface Wanted {
  readonly name: string;
  readonly roles?: readonly string[] | undefined;
  readonly owner?: string | undefined;
}

/** Roles and owner are the client's, so a further credential neither brings nor changes any. */
async function knownOrNew(center: Center, { name, roles, owner }: Wanted, talk: Talk): Promise<Client> {
  const known = await center.store().clients.byName(name);
  if (!known) return newClient(center, { name, roles, owner }, talk);
  if (roles && roles.toSorted().join() !== known.roles.toSorted().join()) {
    throw misused(
      `Client ${name} has the roles ${known.roles.join(',')}: leave --roles out, or choose another name for another client.`,
    );
  }
  if (owner !== undefined)
    throw misused(`Client ${name} has its owner already: leave --owner out, or choose another name.`);
  return known;
}

async function newClient(center: Center, { name, roles, owner }: Wanted, talk: Talk): Promise<Client> {
  if (!roles) {
    throw misused(
      `Client ${name} is new: say with --roles what it may do (example: --roles todo-reader,todo-writer).`,
    );
  }
  const person = owner === undefined ? undefined : await personOf(center, owner, talk);
  return center.store().clients.create({ name, roles, owner: person }, talk.actor, new Date(center.clock()));
}

/** Reminders are mailed to a person whose verified address is known, so it is read here and not left to a later log-in. */
async function personOf({ control, data }: Center, address: string, { tell }: Talk): Promise<Person> {
  const person = await control().people.byEmail(address);
  if (!person) throw misused('FusionAuth knows nobody by the e-mail of --owner.');
  const { id: subject, email, timeZone } = person;
  if (email === undefined) {
    tell(
      'FusionAuth has not verified the e-mail of --owner: no reminder is mailed until it has, and that person has ' +
        'used the Todo API once since.',
    );
  }
  return { issuer: await data.readIssuer(), subject, email, timeZone };
}
