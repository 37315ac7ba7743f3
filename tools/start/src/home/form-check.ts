import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isFromOwnPage, sameSecret } from '#gatehouse/platform';
import { PageProblem } from '../../../../apps/dev-center/src/start-dev-center.js';

/** Is part of every form of the home page. Another site cannot read it. */
export const formToken = randomBytes(32).toString('base64url');

/** Accepts a form that the home page sent. Throws a PageProblem 403 for any other. */
export function checkForm({ headers, body }: FastifyRequest): void {
  const isOwnPage = isFromOwnPage(headers);
  const { formToken: sent } = (body ?? {}) as { formToken?: unknown };
  if (isOwnPage && typeof sent === 'string' && sameSecret(sent, formToken)) return;
  const why = isOwnPage
    ? 'The form was made by an earlier npm start. Open the home page again and repeat what you wanted.'
    : 'The form did not come from the home page, opened at an address of this machine.';
  throw new PageProblem(403, 'Nothing was changed', why, { path: '/', title: 'Home' });
}
