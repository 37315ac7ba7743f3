import type { IssuerRecords } from '../../issuer/records.js';
import { bearer, forbidden, group } from '../kind.js';
import type { Mint } from '../mint.js';

const session = group('ended since', { ids: ['OA-12'], owed: 'issuer', noticedBy: ['session'] });
const introspection = group('ended since', { ids: ['OA-4'], owed: 'issuer', noticedBy: ['introspection'] });

/** A good token of somebody with whom something ended after it was issued. */
const of = (name: keyof IssuerRecords['people']) => (mint: Mint) =>
  bearer(mint.token({ ...mint.records.people[name] }));
const byMachine = (name: keyof IssuerRecords['machines']) => (mint: Mint) =>
  bearer(mint.machine({ sub: mint.records.machines[name] }));

const inactive = (
  mint: Mint,
  claims: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  mint.records.inactive.add(String(claims['jti']));
  return claims;
};

export const endedSince = [
  session('a user who logged out', 'FusionAuth deletes the refresh token that sid names', of('loggedOut')),
  session(
    'a user with the session of another',
    'the session must be the subject’s own',
    of('withAnothersSession'),
  ),
  session('a session of another application', 'the session must be ours', of('ofAnotherApplication')),
  session('a deactivated user', 'user.active is false', of('deactivated')),
  session('a deleted user', 'GET /api/user answers 404', of('deleted')),
  session('an expired user', 'user.expiry has passed', of('expired')),
  session('a locked user', 'a user action prevents the log-in', of('locked')),
  session('a user locked for this application', 'a user action prevents the log-in here', of('lockedHere')),
  session(
    'a user whose registration was taken away',
    'the registrations of this moment count',
    of('unregistered'),
    { refusal: forbidden },
  ),
  session('a user whose role was taken away', 'the roles of this moment count', of('demoted'), {
    refusal: forbidden,
    route: 'role',
  }),
  session('a user’s token without a session', 'what cannot be looked up cannot be confirmed', (mint) =>
    bearer(mint.token({ sid: undefined })),
  ),
  session(
    'a user’s token whose session is a number',
    'what cannot be looked up cannot be confirmed',
    (mint) => bearer(mint.token({ sid: 1 })),
  ),
  session('a machine whose entity is gone', 'GET /api/entity answers 404', byMachine('deleted')),
  session(
    'a machine whose grant is gone',
    'GET /api/entity/{id}/grant answers 404',
    byMachine('withoutGrant'),
  ),
  introspection(
    'a user’s token that FusionAuth calls inactive',
    'RFC 7662 section 2.2: active false, and nothing else',
    (mint) => bearer(mint.jws({ payload: inactive(mint, mint.claims()) })),
  ),
  introspection(
    'a machine’s token that FusionAuth calls inactive',
    'RFC 7662 section 2.2: active false, and nothing else',
    (mint) => bearer(mint.jws({ payload: inactive(mint, mint.machineClaims()) })),
  ),
];
