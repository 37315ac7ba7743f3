import type { Center } from '../center.js';
import type { Client } from '../clients/client.repository.js';
import type { Credential } from '../clients/credential.repository.js';
import type { HandOver, IssuerName } from '../issuers/issuer.js';
import type { Talk } from '../talk.js';
import { finish, settle } from './settle.js';

export interface Wanted {
  readonly client: Client;
  readonly strategy: IssuerName;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
  /** Ends at the instant once the new one is handed over. */
  readonly predecessor?: { readonly credential: Credential; readonly endsAt: Date };
}

export interface Issued {
  readonly id: string;
  readonly expiresAt: Date | null;
  readonly settings: HandOver['settings'];
}

/**
 * Makes a credential and hands it over: first its row, then FusionAuth, then the client, and only then is it in force
 * and its predecessor's days are numbered. Whatever fails before leaves the predecessor as it was, and nothing behind:
 * what cannot be taken back now is taken back by whoever settles the client next. To be called by one at a time, for a
 * client that is settled.
 */
export async function issue(center: Center, wanted: Wanted, talk: Talk): Promise<Issued> {
  const { client, strategy, expiresAt, predecessor } = wanted;
  const { credentials } = center.store();
  const { actor } = talk;
  const plan = await center.issuer(strategy).plan({ client, expiresAt });
  const credential = await credentials.plan(
    {
      ...{ client, strategy, subject: plan.subject, fusionauthId: plan.fusionauthId },
      expiresAt: plan.expiresAt === undefined ? null : new Date(plan.expiresAt),
    },
    { actor, action: 'plan', details: { fusionauthId: plan.fusionauthId } },
  );
  const handOver = await plan
    .make(talk.tell)
    .then(async (made) => {
      await talk.handOver(made);
      return made;
    })
    .catch(async (error: unknown) => {
      await takeBack(center, credential, actor);
      throw error;
    });
  const details = predecessor && {
    replaces: predecessor.credential.id,
    endsAt: predecessor.endsAt.toISOString(),
  };
  const action = predecessor ? 'rotate' : 'issue';
  await credentials.handedOver(credential, predecessor, { actor, action, ...(details ? { details } : {}) });
  if (predecessor) await tellOfTheEnd(center, client, talk);
  return { id: credential.id, expiresAt: credential.expiresAt, settings: handOver.settings };
}

async function takeBack(center: Center, credential: Credential, actor: string): Promise<void> {
  await finish(center, credential, { actor, action: 'take-back' }).catch((error: unknown) =>
    center.log.warn({ err: error, credential: credential.id }, 'not taken back yet; tried again later'),
  );
}

/** The new credential works and is handed over: that FusionAuth cannot be told now of the old one's end undoes nothing. */
async function tellOfTheEnd(center: Center, client: Client, { actor, tell }: Talk): Promise<void> {
  await settle(center, client, actor).catch((error: unknown) => {
    center.log.warn({ err: error, client: client.name }, 'the end of the old credential is not told yet');
    tell(
      'FusionAuth could not be told of the end of the old credential yet. The Dev Center tries again while it runs, ' +
        'and so does the next command about this client.',
    );
  });
}
