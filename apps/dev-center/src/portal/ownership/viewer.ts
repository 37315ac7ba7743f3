import type { Session } from '../session/session.js';
import { type CurrentRights, isUnanswered } from './rights.js';

/** A session with its user's present rights. */
export interface Viewer {
  readonly session: Session;
  /** Throws FusionAuth's error if it is unknown. */
  readonly isAdmin: () => boolean;
}

/** Calls FusionAuth. Throws a PageProblem 403 for a user who no longer has access, and FusionAuth's errors. */
export async function viewerNow(rights: CurrentRights, session: Session): Promise<Viewer> {
  return viewerWith(await rights.now(session.subject), session);
}

/**
 * Uses rights that are at most a few seconds old. Throws a PageProblem 403 for a user who no longer has access. During an
 * outage of FusionAuth users see their own clients; what an administrator sees beyond them needs FusionAuth.
 */
export async function recentViewer(rights: CurrentRights, session: Session): Promise<Viewer> {
  try {
    return viewerWith(await rights.recent(session.subject), session);
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    const isAdmin = () => {
      if (session.admin) throw error;
      return false;
    };
    return { session, isAdmin };
  }
}

const viewerWith = ({ admin }: { readonly admin: boolean }, session: Session): Viewer => ({
  session: { ...session, admin },
  isAdmin: () => admin,
});
