import { databaseUnavailable } from '#gatehouse/database';
import { FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { fingerprintOf } from '../clients/audit.repository.js';
import type { Client } from '../clients/client.repository.js';
import type { Credential } from '../clients/credential.repository.js';
import type { CommandIO } from '../commands/command.js';
import type { CommandContext } from '../context.js';
import type { IssuerName } from '../issuers/index.js';
import type { HandOver, Plan } from '../issuers/issuer.js';
import { finish, takeBack, trySettle } from './settle.js';

export interface Order {
  readonly client: Client;
  readonly strategy: IssuerName;
  /** How long it is valid in milliseconds, unless FusionAuth ends it earlier. */
  readonly lifetimeMs?: number | undefined;
  /** How it is made, where it is not as its issuer plans it. */
  readonly plan?: (wantedEnd: number | undefined) => Promise<Plan>;
  /** Ends `overlapMs` after the new credential is handed over. */
  readonly predecessor?: { readonly credential: Credential; readonly overlapMs: number };
}

/** Everything about a new credential except its secret. */
export interface Issued {
  readonly client: string;
  readonly strategy: IssuerName;
  readonly credential: string;
  readonly expiresAt: string | null;
  readonly settings: HandOver['settings'];
  readonly replaces?: { readonly credential: string; readonly endsAt: string; readonly issuedHere: boolean };
}

/**
 * Creates a credential and hands it over. Its row is written first, then FusionAuth is called, then the client gets
 * it; only then is it active, and its predecessor gets an end. A failure before that leaves the predecessor unchanged
 * and nothing behind: what cannot be undone now is undone when the client is settled next. The caller holds the
 * client's lock and has settled the client.
 */
export async function issue(context: CommandContext, order: Order, io: CommandIO): Promise<Issued> {
  const { client, strategy, lifetimeMs, predecessor } = order;
  const { credentials, clock } = context;
  const { actor } = io;
  const wantedEnd = lifetimeMs === undefined ? undefined : clock() + lifetimeMs;
  const plan = await planOf(context, order, wantedEnd);
  const { subject, fusionauthId, personId } = plan;
  const expiresAt = plan.expiresAt === undefined ? null : new Date(plan.expiresAt);
  const credential = await credentials.plan(
    { client, strategy, subject, fusionauthId, personId, expiresAt },
    { actor, action: 'plan', details: { fusionauthId, ...(personId !== undefined && { personId }) } },
  );
  const { settings, secret } = await makeAndDeliver(context, { plan, credential }, io);
  const old = predecessor && {
    credential: predecessor.credential,
    endsAt: new Date(clock() + predecessor.overlapMs),
  };
  const replaces = old && {
    credential: old.credential.id,
    endsAt: old.endsAt.toISOString(),
    issuedHere: old.credential.fusionauthId !== null,
  };
  const details = {
    fingerprint: fingerprintOf(secret.value.reveal()),
    ...(replaces && { replaces: replaces.credential, endsAt: replaces.endsAt }),
  };
  const action = old ? 'rotate' : 'issue';
  await credentials.activate(credential, old, { actor, action, details }).catch(notRecorded);
  // Tells FusionAuth when the old one expires. The new one is active whether or not that succeeds.
  if (old) await trySettle(context, client, io, endNotAnnounced);
  return {
    client: client.name,
    strategy,
    credential: credential.id,
    expiresAt: expiresAt?.toISOString() ?? null,
    settings,
    ...(replaces && { replaces }),
  };
}

const planOf = (
  context: CommandContext,
  { client, strategy, plan }: Order,
  wantedEnd?: number,
): Promise<Plan> =>
  plan ? plan(wantedEnd) : context.issuer(strategy).plan({ client, expiresAt: wantedEnd });

/** Makes the planned credential and hands it over. Where either fails it is revoked, and the error is thrown. */
async function makeAndDeliver(
  context: CommandContext,
  { plan, credential }: { readonly plan: Plan; readonly credential: Credential },
  { actor, report, deliver }: CommandIO,
): Promise<HandOver> {
  const undo = async (work: Promise<void>, error: unknown): Promise<never> => {
    await work.catch((failure: unknown) => {
      context.log.warn(
        { err: failure, credential: credential.id },
        'a failed credential is not revoked; retrying later',
      );
      report(
        `${credential.id} was started but could not be revoked: it may work until the Dev Center, or the next ` +
          'command about this client, removes it.',
      );
    });
    throw error;
  };
  const remove = () => finish(context, credential, { actor, action: 'take-back' });
  const made = await plan.make(report).catch((error: unknown) => {
    // Without an answer FusionAuth may still be creating it.
    const unanswered = error instanceof FusionAuthUnavailable;
    return undo(unanswered ? takeBack(context, credential, actor) : remove(), error);
  });
  await deliver(made).catch((error: unknown) => undo(remove(), error));
  return made;
}

function notRecorded(error: unknown): never {
  throw new ExitError(
    'The secret was handed over, but that could not be recorded. See "npm run credentials -- list": unless it is active ' +
      'there, it is revoked and does not work; run the command again with another --out. The old one works as before.',
    databaseUnavailable(error) ? exitCodes.unavailable : exitCodes.workHeld,
    { cause: error },
  );
}

const endNotAnnounced =
  'The expiry of the old credential could not be set in FusionAuth. The Dev Center retries while it runs, ' +
  'and the next command about this client does too.';
