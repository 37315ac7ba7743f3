import { randomUUID } from 'node:crypto';
import { commands } from '../../commands/index.js';
import { issuers } from '../../issuers/index.js';
import type { Door } from '../door.js';
import { goTo, page } from '../pages/answer.js';
import { keyIn, lifetimes, spanOf } from './issue-form.js';
import { timeLine } from './time-line.js';

/** Values of `--overlap` in the form. */
const overlaps = {
  '0s': 'no time: the old one is revoked immediately',
  '1h': 'an hour',
  '24h': 'a day',
  '7d': 'a week',
};
const dayMs = 86_400_000;

/** Replaces a credential with one that works before the old one is revoked. */
export function addRotateRoutes({ shown, changing, portal: { context, orders } }: Door): void {
  shown('/credentials/:id/rotate', async ({ access, params }) => {
    const { credential, client } = await access.credential(params['id'] ?? '');
    access.checkGrant(client.roles);
    const now = context.clock();
    const lives = [
      { label: 'This one', from: credential.createdAt.getTime(), to: now + dayMs, tone: 'old' },
      { label: 'Its successor', from: now, to: undefined, tone: 'new' },
    ] as const;
    return page('rotate', `Rotate a credential of ${client.name}`, {
      credential,
      client,
      issuers,
      overlaps,
      lifetimes,
      key: randomUUID(),
      picture: timeLine(lives, now),
    });
  });

  changing('/credentials/:id/rotate', async ({ access, params, form, session, actor }) => {
    const { credential, client } = await access.credential(params['id'] ?? '');
    access.checkGrant(client.roles);
    const key = keyIn(form);
    const args = { id: credential.id, overlap: form['overlap'] ?? '24h', ...spanOf(form['expires']) };
    await orders.place(session.subject, key, (io) =>
      commands.rotate.execute(args, context, { ...io, actor }),
    );
    return goTo(`/orders/${key}`);
  });
}
