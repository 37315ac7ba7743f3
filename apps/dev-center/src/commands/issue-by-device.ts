import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Client, OwnedClient } from '../clients/client.repository.js';
import { withClientLock } from '../clients/client-lock.js';
import type { CommandContext } from '../context.js';
import { deviceSessionPlan, rolesInSession } from '../issuers/device-session.js';
import { type Approved, awaitApproval, dropSession } from '../lifecycle/approval.js';
import { issue, type Issued } from '../lifecycle/issue.js';
import { settle } from '../lifecycle/settle.js';
import { misused } from './arguments.js';
import type { CommandIO } from './command.js';

export interface DeviceOrder {
  readonly client: string;
  readonly strategy: string;
  readonly roles?: readonly string[] | undefined;
  readonly owner?: string | undefined;
  readonly expires?: number | undefined;
}

/**
 * Issues a credential for a session that a person approves in a browser. The program then acts as that person: a new
 * client gets the person as its owner and the person's roles, and only its owner can approve for an existing client.
 * Writes no row before the approval.
 */
export async function issueByDevice(
  context: CommandContext,
  order: DeviceOrder,
  io: CommandIO,
): Promise<Issued> {
  const show = checkOrder(order, io);
  requirePersonalClient(await clientNamed(context, order.client));
  const approved = await awaitApproval(context, io, show);
  try {
    return await withClientLock(context.database, order.client, () => record(context, order, approved, io));
  } catch (error) {
    await dropSession(context, approved.tokens.sessionId, io);
    throw error;
  }
}

function checkOrder({ strategy, roles, owner }: DeviceOrder, { showApproval }: CommandIO) {
  if (strategy !== 'jwt')
    throw misused('--device is for --strategy jwt: the session that is approved is a refresh token.');
  if (roles || owner !== undefined) {
    throw misused(
      'Leave --roles and --owner out with --device: owner and roles are those of the person who approves.',
    );
  }
  if (!showApproval) throw misused('--device requires a caller that can show a person the code.');
  return showApproval;
}

const clientNamed = async ({ clients }: CommandContext, name: string): Promise<OwnedClient | undefined> =>
  (await clients.list()).find((one) => one.name === name);

function requirePersonalClient(client: OwnedClient | undefined): void {
  if (!client || client.owner) return;
  throw misused(
    `Client ${client.name} has todos of its own, and a device session has those of a person: choose another name.`,
  );
}

/** Records the session as a credential of the client, which is created if it is new. */
async function record(
  context: CommandContext,
  { client: name, expires }: DeviceOrder,
  { tokens, needsSecret }: Approved,
  io: CommandIO,
): Promise<Issued> {
  const person = await approver(context, tokens.sessionId);
  const known = await clientNamed(context, name);
  requirePersonalClient(known);
  const client = known ? await ownedBy(context, known, person) : await newClient(context, name, person, io);
  io.report(`approved by ${person.name}: the program acts as this person`);
  await settle(context, client, io.actor);
  const plan = (expiresAt: number | undefined) =>
    deviceSessionPlan({ ...context, control: context.control() }, tokens, { personId: person.id, expiresAt });
  const issued = await issue(context, { client, strategy: 'jwt', lifetimeMs: expires, plan }, io);
  if (needsSecret) io.report(secretNeeded);
  return issued;
}

type Approver = Awaited<ReturnType<typeof approver>>;

/** Reads the person of the session from FusionAuth, because the token may be older than a change. */
async function approver({ control, data }: CommandContext, sessionId: string) {
  const { sessions, people } = control();
  const id = await sessions.userOf(sessionId);
  const person = id === undefined ? undefined : await people.byId(id);
  const roles = rolesInSession(person?.roles);
  if (person && roles.length > 0) {
    // People choose their names, and this one is written to a terminal.
    const name = person.name.replace(/\p{C}/gu, '');
    return { ...person, name, roles, issuer: await data.readIssuer(), subject: person.id };
  }
  throw new ExitError(
    'The person who approved has no role of the Todo API. Nothing was issued: register the person for the application first.',
    exitCodes.workHeld,
  );
}

async function ownedBy({ clients }: CommandContext, client: OwnedClient, person: Approver): Promise<Client> {
  if (!(await clients.isOwnedBy(client, person))) {
    throw new ExitError(
      `${person.name} approved, but client ${client.name} belongs to somebody else. Nothing was issued: its owner must approve.`,
      exitCodes.workHeld,
    );
  }
  const beyond = person.roles.filter((role) => !client.roles.includes(role));
  if (beyond.length === 0) return client;
  throw new ExitError(
    `A session of ${person.name} has ${beyond.join(', ')}, which client ${client.name} does not have. Nothing was issued: ` +
      'choose another name for a client that acts as its owner.',
    exitCodes.workHeld,
  );
}

const newClient = (
  { clients, clock }: CommandContext,
  name: string,
  { roles, issuer, subject, email, timeZone }: Approver,
  { actor }: CommandIO,
): Promise<Client> =>
  clients.create({ name, roles, owner: { issuer, subject, email, timeZone } }, actor, new Date(clock()));

const secretNeeded =
  'FusionAuth requires the secret of the application at each refresh of this session: give the program CLIENT_SECRET_FILE ' +
  'too, a file with FUSIONAUTH_CLIENT_SECRET.';
