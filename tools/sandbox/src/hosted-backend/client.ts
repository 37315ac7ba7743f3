import { type Answer, OAuthError, oauthError } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import { errorPage } from '../pages/error-page.js';
import type { ApplicationRecord } from '../state/state.js';

/** Returns the application named by the path, or by the query as FusionAuth's SDKs do it. Throws {@link OAuthError}. */
export function namedApplication(
  { params, query }: ApiRequest,
  { state }: Instance,
  id = params['clientId']?.toLowerCase() || query.get('client_id'),
): ApplicationRecord {
  if (!id) throw oauthError('invalid_request', 'missing_client_id', 'The request names no client_id.');
  const application = state.applications.get(id);
  if (application?.active) return application;
  throw oauthError('invalid_request', 'invalid_client_id', 'No client has this client_id.');
}

/** Answers errors of the routes that a browser is sent to with a page, and with status 200 as documented. */
export async function showErrors(proceed: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await proceed();
  } catch (error) {
    if (error instanceof OAuthError) return { ...errorPage(error), status: 200 };
    throw error;
  }
}
