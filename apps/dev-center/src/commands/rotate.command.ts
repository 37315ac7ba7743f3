import { z } from 'zod';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Center } from '../center.js';
import type { Credential } from '../clients/credential.repository.js';
import { oneAtATime } from '../clients/one-at-a-time.js';
import type { IssuerName } from '../issuers/index.js';
import { duration } from '../life/duration.js';
import { issue } from '../life/issue.js';
import { settle } from '../life/settle.js';
import { command } from './command.js';
import { shownFields } from './issue.command.js';
import { shownIssued } from './shown-issued.js';
import { findOne, which, whichOptions } from './which.js';

const schema = z.object({
  ...which,
  overlap: duration().prefault('24h'),
  expires: duration().optional(),
});

export const rotateCommand = command({
  usage: 'rotate ID | --client NAME --strategy STRATEGY [--overlap SPAN] [--expires SPAN] [--out FILE]',
  about: 'makes a successor that works before the old credential ends',
  options: {
    ...whichOptions,
    overlap: {
      type: 'string',
      about: 'how long both work, 24h unless said otherwise; 0s ends the old one at once',
    },
    expires: { type: 'string', about: 'how long the new one is good, 90d for example' },
  },
  positional: 'id',
  schema,
  issues: true,
  run: async ({ overlap, expires, ...meant }, center, talk) => {
    const found = await findOne(center, meant);
    const { client } = found;
    return oneAtATime(center.database(), client.name, async () => {
      await settle(center, client, talk.actor);
      // Looked at again: whoever was at it before may have rotated it.
      const credential = await findOne(center, { id: found.id });
      await refuseSecondRotation(center, credential);
      const strategy = credential.strategy as IssuerName;
      const expiresAt = expires === undefined ? undefined : center.clock() + expires;
      const predecessor = { credential, overlap };
      const issued = await issue(center, { client, strategy, expiresAt, predecessor }, talk);
      const { id, fusionauthId } = credential;
      const endsAt = issued.endsAt?.toISOString() ?? '';
      const replaces = { credential: id, endsAt, madeHere: fusionauthId !== null };
      return { client: client.name, strategy, ...shownFields(issued), replaces };
    });
  },
  show: shownIssued,
});

/** One overlap at a time for each client and strategy, or nobody would know any more which one is current. */
async function refuseSecondRotation(
  { store, clock }: Center,
  { id, client, strategy }: Credential,
): Promise<void> {
  const all = await store().credentials.list({ clientId: client.id });
  const ending = all.find(
    (one) =>
      one.strategy === strategy &&
      one.state !== 'planned' &&
      one.endsAt &&
      (one.fusionauthId ?? one.endsAt.getTime() > clock()),
  );
  if (!ending?.endsAt) return;
  const itself = ending.id === id ? 'This credential' : `Its predecessor ${ending.id}`;
  throw new ExitError(
    `${itself} is being replaced already and ends at ${ending.endsAt.toISOString()}. Nothing was changed: wait until ` +
      'then, or revoke it first.',
    exitCodes.workHeld,
  );
}
