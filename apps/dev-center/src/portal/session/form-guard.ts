import type { FastifyRequest } from 'fastify';
import { sameSecret } from '#gatehouse/platform';
import { PageProblem } from '../pages/page-problem.js';
import type { Session } from './session.js';

/**
 * Accepts a form that a page of this session sent. Throws a PageProblem 403 for any other: a form of another site has
 * another Origin (Fetch standard, section 3.1), and does not know the token. Each check would be enough; with both,
 * neither a browser that sends a wrong Origin nor a leaked token is a vulnerability.
 */
export function checkForm(
  { headers, body }: FastifyRequest,
  session: Session,
  { publicUrl, page }: { readonly publicUrl: string; readonly page: string | undefined },
): void {
  const { formToken } = (body ?? {}) as { formToken?: unknown };
  const sameOrigin = headers.origin === new URL(publicUrl).origin;
  if (sameOrigin && typeof formToken === 'string' && sameSecret(formToken, session.formToken)) return;
  throw new PageProblem(
    403,
    'Nothing was changed',
    sameOrigin
      ? 'The form belongs to another log-in, perhaps in another tab. Open the page again and resend the form.'
      : `The form did not come from a page of ${publicUrl}. Open the portal at that address.`,
    sameOrigin && page !== undefined ? { path: page, title: 'Open the form again' } : undefined,
  );
}
