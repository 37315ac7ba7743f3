import { randomUUID } from 'node:crypto';
import { commands } from '../../commands/index.js';
import { issuers } from '../../issuers/index.js';
import { goTo, page } from '../pages/answer.js';
import type { Routes } from '../routes.js';
import { keyIn, lifetimes, spanOf } from './issue-form.js';
import { timeLine } from './time-line.js';

/** Values of `--overlap` in the form. */
const overlaps = {
  '0s': 'no time: the old one is revoked immediately',
  '1h': 'an hour',
  '24h': 'a day',
  '7d': 'a week',
};
const defaultOverlap = '24h';
const dayMs = 86_400_000;

/** Replaces a credential with one that works before the old one is revoked. */
export function addRotateRoutes({ ownPage, change, portal: { context, orders } }: Routes): void {
  ownPage('/credentials/:id/rotate', async ({ access, params, query }) => {
    const { credential, client } = await access.credential(params['id'] ?? '');
    access.checkGrant(client.roles);
    const now = context.clock();
    const validities = [
      { label: 'This one', from: credential.createdAt.getTime(), to: now + dayMs, tone: 'old' },
      { label: 'Its successor', from: now, to: undefined, tone: 'new' },
    ] as const;
    return page('rotate', `Rotate a credential of ${client.name}`, {
      credential,
      client,
      issuers,
      overlaps,
      lifetimes,
      chosen: { overlap: defaultOverlap, expires: '90d', ...query },
      key: randomUUID(),
      picture: timeLine(validities, now),
    });
  });

  change(
    '/credentials/:id/rotate',
    async ({ access, params, form, session, actor }) => {
      const { credential, client } = await access.credential(params['id'] ?? '');
      access.checkGrant(client.roles);
      const key = keyIn(form);
      const { overlap = defaultOverlap, expires } = form;
      const args = { id: credential.id, overlap, ...spanOf(expires) };
      await orders.place(session.subject, key, (io) =>
        commands.rotate.execute(args, context, { ...io, actor }),
      );
      return goTo(`/orders/${key}`);
    },
    ['overlap', 'expires'],
  );
}
