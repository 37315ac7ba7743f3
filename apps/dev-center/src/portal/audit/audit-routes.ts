import { page } from '../pages/answer.js';
import type { Routes } from '../routes.js';

const shownEntries = 100;

/** Shows the changes of a user's clients, and whether the whole trail is intact. */
export function addAuditRoutes({ ownPage, portal: { context } }: Routes): void {
  ownPage('/audit', async ({ access, actor }) => {
    const { admin } = access;
    const clients = admin ? undefined : (await access.clients()).map(({ name }) => name);
    const [entries, verified] = await Promise.all([
      context.audit.newest({ ...(clients && { clients }), limit: shownEntries }),
      context.audit.verify(),
    ]);
    return page('audit', 'Audit trail', { entries, verified, actor, admin, shownEntries });
  });
}
