import { commands } from '../../commands/index.js';
import { issuers } from '../../issuers/index.js';
import { page } from '../pages/answer.js';
import type { Routes } from '../routes.js';
import { listed, type ListedCredential, quietIo } from './listed.js';
import { timeLine, type Validity } from './time-line.js';

/** How long a page waits for FusionAuth's information about credentials, in milliseconds. */
const warningsWithinMs = 1_500;

/** Shows a user's clients, and one of them with its credentials. */
export function addClientRoutes({ ownPage, portal: { context } }: Routes): void {
  ownPage('/clients', async ({ access, actor }) => {
    const [clients, credentials] = await Promise.all([access.clients(), listed(context, actor)]);
    const rows = clients.map((client) => ({
      ...client,
      credentials: credentials.filter((one) => one.client === client.name),
    }));
    return page('clients', 'Clients', { rows, issuers, admin: access.admin });
  });

  ownPage('/clients/:name', async ({ access, actor, params, query }) => {
    const client = await access.client(params['name'] ?? '');
    const [credentials, warnings] = await Promise.all([
      listed(context, actor, { client: client.name, all: true }),
      warningsOf(client.name, actor),
    ]);
    const current = credentials.filter(({ state }) => state !== 'ended');
    const now = context.clock();
    return page('client', client.name, {
      client,
      credentials: credentials.toReversed(),
      warnings,
      issuers,
      rotatable: ({ state, approvedBy }: ListedCredential) => state === 'active' && approvedBy === null,
      revocable: ({ state }: ListedCredential) => state !== 'ended' && state !== 'planned',
      picture: current.length > 0 ? timeLine(current.map(validityOf), now) : undefined,
      notice: query['notice'],
    });
  });

  /** Returns warnings by credential; undefined if FusionAuth did not answer in time. */
  async function warningsOf(client: string, actor: string) {
    const review = commands.review.execute({ client }, context, quietIo(actor));
    const late = new Promise<undefined>(
      (resolve) => void setTimeout(() => resolve(undefined), warningsWithinMs).unref(),
    );
    const result = await Promise.race([review, late]);
    // Nothing waits for it any longer.
    review.catch(() => undefined);
    return result?.findings;
  }
}

const validityOf = ({ strategy, id, createdAt, endsAt, state }: ListedCredential): Validity => ({
  label: `${issuers[strategy].title} …${id.slice(-4)}`,
  from: Date.parse(createdAt),
  to: endsAt === null ? undefined : Date.parse(endsAt),
  tone: state === 'active' ? 'new' : 'old',
});
