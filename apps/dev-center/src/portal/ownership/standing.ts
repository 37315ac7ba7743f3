import type { FusionAuthContext } from '../../context.js';
import { PageProblem } from '../pages/page-problem.js';

/** The present state of a person at FusionAuth. */
export interface Standing {
  readonly name: string;
  /** May do everything with every client that its owner may, and grant every role. */
  readonly admin: boolean;
}

/**
 * Reads a user's current rights from FusionAuth, because a session here outlives a revoked role. Throws a PageProblem
 * 403 for an account that does not exist, is deactivated or not registered for the application.
 */
export async function standingOf({ control }: FusionAuthContext, subject: string): Promise<Standing> {
  const person = await control().people.byId(subject);
  if (!person?.active) {
    throw new PageProblem(
      403,
      'Your account is not active',
      'Your FusionAuth account was deleted or deactivated.',
    );
  }
  if (!person.roles) {
    throw new PageProblem(
      403,
      'You are not registered here',
      'You have a FusionAuth account, but are not registered for the Dev Center: ask its administrator to register you.',
    );
  }
  return { name: person.name, admin: person.roles.includes('portal-admin') };
}
