import { databaseUnavailable } from '#gatehouse/database';
import { FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Center } from '../center.js';
import type { Client } from '../clients/client.repository.js';
import type { Credential } from '../clients/credential.repository.js';
import { fingerprintOf } from '../clients/fingerprint.js';
import type { IssuerName } from '../issuers/index.js';
import type { HandOver, Plan } from '../issuers/issuer.js';
import type { Talk } from '../talk.js';
import { finish, settle, takeBack } from './settle.js';

export interface Wanted {
  readonly client: Client;
  readonly strategy: IssuerName;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
  /** Works on for `overlap` milliseconds once the new one is handed over. */
  readonly predecessor?: { readonly credential: Credential; readonly overlap: number };
}

export interface Issued {
  readonly id: string;
  readonly expiresAt: Date | null;
  readonly settings: HandOver['settings'];
  /** When the predecessor ends. */
  readonly endsAt?: Date | undefined;
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
  const handOver = await handedOver(center, { plan, credential }, talk);
  const old = predecessor && {
    credential: predecessor.credential,
    endsAt: new Date(center.clock() + predecessor.overlap),
  };
  const details = {
    fingerprint: fingerprintOf(handOver.secret.value.reveal()),
    ...(old ? { replaces: old.credential.id, endsAt: old.endsAt.toISOString() } : {}),
  };
  await credentials
    .handedOver(credential, old, { actor, action: old ? 'rotate' : 'issue', details })
    .catch(notRecorded);
  if (old) await tellOfTheEnd(center, client, talk);
  const { id, expiresAt: end } = credential;
  return { id, expiresAt: end, settings: handOver.settings, endsAt: old?.endsAt };
}

/** What was made and is with whoever asked for it. Throws what kept it from getting there, with nothing left behind. */
async function handedOver(
  center: Center,
  { plan, credential }: { readonly plan: Plan; readonly credential: Credential },
  { actor, tell, handOver }: Talk,
): Promise<HandOver> {
  const undone = async (work: Promise<void>) =>
    work.catch((error: unknown) => {
      center.log.warn({ err: error, credential: credential.id }, 'not taken back yet; tried again later');
      tell(
        `${credential.id} was begun and could not be taken back yet: it may work until the Dev Center, or the next ` +
          'command about this client, has removed it.',
      );
    });
  const remove = () => finish(center, credential, { actor, action: 'take-back' });
  const made = await plan.make(tell).catch(async (error: unknown) => {
    // Without an answer nobody knows whether it is being made yet.
    const open = error instanceof FusionAuthUnavailable;
    await undone(open ? takeBack(center, credential, actor) : remove());
    throw error;
  });
  await handOver(made).catch(async (error: unknown) => {
    await undone(remove());
    throw error;
  });
  return made;
}

function notRecorded(error: unknown): never {
  throw new ExitError(
    'The secret was handed over, but that could not be recorded. See "npm run credentials -- list": unless it is active ' +
      'there, it is taken back and does not work; run the command again with another --out. The old one works as before.',
    databaseUnavailable(error) ? exitCodes.unavailable : exitCodes.workHeld,
    { cause: error },
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
