import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { PageProblem } from '../pages/page-problem.js';
import type { Session } from './session.js';

/**
 * Lets a form through that a page of this session sent. Throws a PageProblem 403 for any other: a form of another site has
 * another Origin (Fetch standard, section 3.1), and does not know the token. Each of the two would do; a browser that sends
 * the wrong Origin for a while, or a token that leaks, is then no hole.
 */
export function checkForm({ headers, body }: FastifyRequest, session: Session, publicUrl: string): void {
  const { formToken } = (body ?? {}) as { formToken?: unknown };
  const sameOrigin = headers.origin === new URL(publicUrl).origin;
  if (sameOrigin && typeof formToken === 'string' && areEqual(formToken, session.formToken)) return;
  throw new PageProblem(
    403,
    'Nothing was changed',
    sameOrigin
      ? 'The form was made for another log-in, perhaps in another tab. Open the page again and repeat what you wanted.'
      : `The form did not come from a page of ${publicUrl}. Open the portal by that address.`,
  );
}

/** Takes equally long for every text. */
const areEqual = (one: string, other: string): boolean =>
  timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'));
