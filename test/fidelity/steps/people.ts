import type { Step } from '../step.js';
import { absentId, applicationId, everything, inTenant, narrow } from './ids.js';

/** A user and a registration for the conversation. */
export const people: Step[] = [
  {
    title: 'a user is created',
    request: 'POST /api/user/{person}',
    authorization: everything,
    headers: inTenant,
    json: {
      user: {
        email: 'fidelity-{run}@example.com',
        password: 'password of {run}',
        fullName: 'Fidelity',
        timezone: 'America/Argentina/Buenos_Aires',
        data: { text: 'a', number: 1, list: [true] },
      },
    },
    status: 200,
  },
  {
    title: 'a user with an address that is taken',
    request: 'POST /api/user',
    authorization: everything,
    headers: inTenant,
    json: { user: { email: 'fidelity-{run}@example.com', password: 'password of {run}' } },
    status: 400,
  },
  {
    title: 'a user with a short password and no address',
    request: 'POST /api/user',
    authorization: everything,
    headers: inTenant,
    json: { user: { password: 'short' } },
    status: 400,
  },
  { title: 'a user by id', request: 'GET /api/user/{person}', authorization: narrow, status: 200 },
  {
    title: 'a user by address',
    request: 'GET /api/user?email=fidelity-{run}@example.com',
    authorization: everything,
    headers: inTenant,
    status: 200,
  },
  { title: 'an absent user', request: `GET /api/user/${absentId}`, authorization: everything, status: 404 },
  { title: 'a user, without a key', request: 'GET /api/user/{person}', status: 401 },
  {
    title: 'a user, with a key behind Bearer',
    request: 'GET /api/user/{person}',
    authorization: `Bearer ${everything}`,
    status: 401,
  },
  {
    title: 'what the narrow key may not do',
    request: 'DELETE /api/user/{person}',
    authorization: narrow,
    status: 401,
  },
  {
    title: 'a user is patched',
    request: 'PATCH /api/user/{person}',
    authorization: everything,
    json: { user: { firstName: 'Fi' } },
    status: 200,
  },
];

export const registrations: Step[] = [
  {
    title: 'a registration with an authentication token',
    request: 'POST /api/user/registration/{person}',
    authorization: everything,
    json: { registration: { applicationId, roles: ['todo-reader'] }, generateAuthenticationToken: true },
    learn: { authenticationToken: 'registration.authenticationToken' },
    status: 200,
  },
  {
    title: 'a registration, with the application in the path',
    request: `PATCH /api/user/registration/{person}/${applicationId}`,
    authorization: everything,
    json: { registration: { data: { note: 'a note' } } },
    status: 200,
  },
  {
    title: 'a registration with an unknown role',
    request: 'PUT /api/user/registration/{person}',
    authorization: everything,
    json: { registration: { applicationId, roles: ['unheard-of'] } },
    status: 400,
  },
  {
    title: 'a registration',
    request: `GET /api/user/registration/{person}/${applicationId}`,
    authorization: everything,
    status: 200,
  },
  {
    title: 'an absent registration',
    request: `GET /api/user/registration/{person}/${absentId}`,
    authorization: everything,
    status: 404,
  },
];
