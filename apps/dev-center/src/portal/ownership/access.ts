import { z } from 'zod';
import type { OwnedClient } from '../../clients/client.repository.js';
import type { Credential } from '../../clients/credential.repository.js';
import type { CommandContext } from '../../context.js';
import { nothingHere, PageProblem } from '../pages/page-problem.js';
import type { Session } from '../session/session.js';

/** The roles that every developer may give to a client of their own. */
const ownRoles = ['todo-reader', 'todo-writer'];

/** The rights of one person: their own clients or, for a `portal-admin`, all clients. */
export class Access {
  constructor(
    private readonly context: CommandContext,
    readonly person: Pick<Session, 'issuer' | 'subject'>,
    private readonly isAdmin: () => boolean,
  ) {}

  /** Whether the person is a `portal-admin`. Throws FusionAuth's error if that is unknown. */
  get admin(): boolean {
    return this.isAdmin();
  }

  async clients(): Promise<OwnedClient[]> {
    return this.context.clients.list(this.admin ? undefined : this.person);
  }

  /** Returns a client by name. Throws a PageProblem 404 if it belongs to somebody else or does not exist. */
  async client(name: string): Promise<OwnedClient> {
    const named = (clients: readonly OwnedClient[]) => clients.find((one) => one.name === name);
    // One's own clients need no right, so that an administrator sees them during an outage too.
    const found = named(await this.context.clients.list(this.person)) ?? named(await this.clients());
    if (!found) throw nothingHere();
    return found;
  }

  /**
   * Returns a credential of such a client, ended or not, by its whole id. Throws a PageProblem 404 like {@link
   * client}.
   */
  async credential(id: string): Promise<{ readonly credential: Credential; readonly client: OwnedClient }> {
    const credential = z.uuid().safeParse(id).success ? await this.context.credentials.byId(id) : null;
    if (!credential) throw nothingHere();
    return { credential, client: await this.client(credential.client.name) };
  }

  /**
   * Throws a PageProblem 403 if a new credential would have a role that requires `portal-admin`. A client whose
   * creator gave it that role does not entitle its owner to issue it.
   */
  checkGrant(roles: readonly string[]): void {
    const beyond = roles.filter((role) => !ownRoles.includes(role));
    if (beyond.length === 0 || this.admin) return;
    throw new PageProblem(
      403,
      'You may not grant this',
      `${beyond.join(', ')} gives access to other people’s data, and requires the role portal-admin: ask an administrator.`,
    );
  }
}
