import { commands } from '../../commands/index.js';
import { issuers } from '../../issuers/index.js';
import { goTo, page } from '../pages/answer.js';
import type { Routes } from '../routes.js';
import { quietIo } from './listed.js';

/** Revokes a credential, after a page that states the effects. */
export function addRevokeRoutes({ ownPage, change, portal: { context } }: Routes): void {
  ownPage('/credentials/:id/revoke', async ({ access, params }) => {
    const { credential, client } = await access.credential(params['id'] ?? '');
    const { secret, endsWithin, hasSessions } = issuers[credential.strategy];
    const all = await context.credentials.list({ clientId: client.id });
    return page('revoke', `Revoke a credential of ${client.name}`, {
      credential,
      client,
      issuers,
      secret,
      endsWithin,
      hasSessions,
      others: all.filter(({ id, state }) => id !== credential.id && state === 'active'),
    });
  });

  change(
    '/credentials/:id/revoke',
    async ({ access, params, actor }) => {
      const { credential, client } = await access.credential(params['id'] ?? '');
      // A form that is sent twice finds it already revoked.
      if (credential.state !== 'ended')
        await commands.revoke.execute({ id: credential.id }, context, quietIo(actor));
      return goTo(`/clients/${client.name}?notice=revoked`);
    },
    [],
  );
}
