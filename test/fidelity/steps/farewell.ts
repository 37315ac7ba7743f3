import type { Step } from '../step.js';
import { applicationId, everything } from './ids.js';

/** Removes everything that the other steps created. */
export const farewell: Step[] = [
  {
    title: 'a registration is deleted',
    request: `DELETE /api/user/registration/{person}/${applicationId}`,
    authorization: everything,
    status: 200,
  },
  {
    title: 'a user is deleted',
    request: 'DELETE /api/user/{person}?hardDelete=true',
    authorization: everything,
    status: 200,
  },
];
