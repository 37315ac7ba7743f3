import type { IssuerRecords } from '../../issuer/records.js';
import { forbidden, kinds } from '../kind.js';
import { machine, type Make, signed, user } from '../make.js';
import type { Mint } from '../mint.js';

/** Makes a valid token of a person who lost a right after it was issued. */
const of = (name: keyof IssuerRecords['people']): Make => user((mint) => ({ ...mint.records.people[name] }));
const byMachine = (name: keyof IssuerRecords['machines']): Make =>
  machine((mint) => ({ sub: mint.records.machines[name] }));

/** Makes a valid token that introspection calls inactive. */
const inactive = (kind: 'claims' | 'machineClaims'): Make =>
  signed((mint: Mint) => {
    const payload = mint[kind]();
    mint.records.inactive.add(String(payload['jti']));
    return { payload };
  });

const group = 'ended since';
const session = { ids: ['OA-12'], owed: 'issuer', noticedBy: ['session'] } as const;

export const endedSince = [
  ...kinds(
    group,
    session,
  )({
    'FusionAuth deletes the refresh token that sid names': { 'a user who logged out': of('loggedOut') },
    'the session must be the subject’s own': {
      'a user with the session of another': of('sessionOfAnother'),
    },
    'the session must be ours': { 'a session of another application': of('ofAnotherApplication') },
    'user.active is false': { 'a deactivated user': of('deactivated') },
    'GET /api/user answers 404': { 'a deleted user': of('deleted') },
    'user.expiry has passed': { 'an expired user': of('expired') },
    'a user action prevents the log-in': { 'a locked user': of('locked') },
    'a user action prevents the log-in here': { 'a user locked for this application': of('lockedHere') },
    'what cannot be looked up cannot be confirmed': {
      'a user’s token without a session': user({ sid: undefined }),
      'a user’s token whose session is a number': user({ sid: 1 }),
    },
    'GET /api/entity answers 404': { 'a machine whose entity was deleted': byMachine('deleted') },
    'GET /api/entity/{id}/grant answers 404': {
      'a machine whose grant was deleted': byMachine('withoutGrant'),
    },
  }),
  ...kinds(group, { ...session, refusal: forbidden })({
    'the current registrations count': {
      'a user whose registration was deleted': of('unregistered'),
    },
  }),
  ...kinds(group, { ...session, refusal: forbidden, route: 'role' })({
    'the current roles count': { 'a user whose role was removed': of('demoted') },
  }),
  ...kinds(group, { ids: ['OA-4'], owed: 'issuer', noticedBy: ['introspection'] })({
    'RFC 7662 section 2.2: active false, and nothing else': {
      'a user’s token that FusionAuth reports as inactive': inactive('claims'),
      'a machine’s token that FusionAuth reports as inactive': inactive('machineClaims'),
    },
  }),
];
