import type { FusionAuthContext } from '../../context.js';
import { PageProblem } from '../pages/page-problem.js';

/** The present state of a person at FusionAuth. */
export interface Standing {
  readonly name: string;
  /** May do with every client what its owner may, and grant every role. */
  readonly admin: boolean;
}

/**
 * Asks FusionAuth who somebody is now, since a session here outlives a role that was taken away. Throws a PageProblem 403
 * for an account that is gone, deactivated or not registered for the application.
 */
export async function standingOf({ control }: FusionAuthContext, subject: string): Promise<Standing> {
  const person = await control().people.byId(subject);
  if (!person?.active) {
    throw new PageProblem(
      403,
      'Your account has ended',
      'FusionAuth knows no active account of yours any more.',
    );
  }
  if (!person.roles) {
    throw new PageProblem(
      403,
      'You are not registered here',
      'You have an account at FusionAuth, but none for the Dev Center: ask its administrator to register you.',
    );
  }
  return { name: person.name, admin: person.roles.includes('portal-admin') };
}
