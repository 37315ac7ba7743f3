import type { Step } from '../step.js';
import { absentId, applicationId, everything, inTenant, lockActionId, narrow } from './ids.js';
import { stillAccepted } from './tokens.js';

const person = 'fidelity-{run}@example.com';
const stranger = 'stranger-{run}@example.com';

const logIn = (
  title: string,
  status: number,
  body: Readonly<Record<string, unknown>>,
  more: Partial<Step> = {},
): Step => ({
  title,
  request: 'POST /api/login',
  authorization: narrow,
  headers: inTenant,
  json: { applicationId, ...body },
  status,
  ...more,
});

const byToken = { loginId: person, loginIdTypes: ['email'], password: '{authenticationToken}' };

/** The Login API's statuses that can be caused without mails and second factors. */
export const logIns: Step[] = [
  logIn('a log-in by authentication token', 200, byToken, { learn: { jwt: 'token' } }),
  logIn('a log-in by password', 200, { loginId: person, password: 'password of {run}' }),
  logIn('a log-in with a wrong password', 404, { loginId: person, password: 'wrong' }),
  logIn('a log-in of nobody', 404, { loginId: 'nobody-{run}@example.com', password: 'wrong' }),
  logIn('a log-in without a name', 400, { password: 'wrong' }),
  { ...logIn('a log-in without a key', 401, byToken), authorization: 'unknown-{run}' },
  {
    title: 'a user who is not registered',
    request: 'POST /api/user/{stranger}',
    authorization: everything,
    headers: inTenant,
    json: { user: { email: stranger, password: 'password of {run}' } },
    status: 200,
  },
  logIn('a log-in without a registration', 202, { loginId: stranger, password: 'password of {run}' }),
  {
    title: 'a user expires',
    request: 'PATCH /api/user/{stranger}',
    authorization: everything,
    json: { user: { expiry: 1_000 } },
    status: 200,
  },
  logIn('a log-in of an expired user', 410, { loginId: stranger, password: 'password of {run}' }),
  {
    title: 'the expired user is deleted',
    request: 'DELETE /api/user/{stranger}?hardDelete=true',
    authorization: everything,
    status: 200,
  },
];

/** Locks, by an action and by deactivation, and their effect on log-ins. */
export const locks: Step[] = [
  {
    title: 'a user is locked by an action',
    request: 'POST /api/user/action',
    authorization: everything,
    json: {
      action: {
        actioneeUserId: '{person}',
        actionerUserId: '{person}',
        userActionId: lockActionId,
        comment: 'Fidelity',
        expiry: 4_102_444_800_000,
      },
    },
    learn: { action: 'action.id' },
    status: 200,
  },
  {
    title: 'the actions that prevent log-in',
    request: 'GET /api/user/action?userId={person}&preventingLogin=true',
    authorization: narrow,
    status: 200,
  },
  {
    title: 'an action by id',
    request: 'GET /api/user/action/{action}',
    authorization: everything,
    status: 200,
  },
  logIn('a log-in of a user locked by an action', 409, byToken),
  ...stillAccepted('a lock'),
  {
    title: 'the action is prolonged',
    request: 'PUT /api/user/action/{action}',
    authorization: everything,
    json: { action: { actionerUserId: '{person}', expiry: 4_102_444_900_000 } },
    status: 200,
  },
  {
    title: 'the action is cancelled',
    request: 'DELETE /api/user/action/{action}',
    authorization: everything,
    json: { action: { actionerUserId: '{person}' } },
    status: 200,
  },
  {
    title: 'a user is deactivated',
    request: 'DELETE /api/user/{person}',
    authorization: everything,
    status: 200,
  },
  logIn('a log-in of a deactivated user', 423, byToken),
  ...stillAccepted('a deactivation'),
  {
    title: 'a user is reactivated',
    request: 'PUT /api/user/{person}?reactivate=true',
    authorization: everything,
    status: 200,
  },
  {
    title: 'an action of an unknown kind',
    request: 'POST /api/user/action',
    authorization: everything,
    json: { action: { actioneeUserId: '{person}', actionerUserId: '{person}', userActionId: absentId } },
    status: 400,
  },
];
