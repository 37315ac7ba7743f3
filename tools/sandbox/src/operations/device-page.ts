import { type Answer, OAuthError, oauthError, redirect } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import { deviceCompletePage, deviceLogInPage, userCodePage } from '../pages/device-page.js';
import { errorPage } from '../pages/error-page.js';
import type { ApplicationRecord } from '../state/state.js';
import { logIn } from '../users/log-in.js';
import { logInRefusals, refuseOtherSites } from './authorize.js';
import { approve, requireDeviceGrant, waitingDevice } from './device.js';

/** `GET /oauth2/device`: asks for the code that a device shows. */
export const showDevicePage = ({ query }: ApiRequest, instance: Instance): Answer =>
  showErrors(() => {
    const application = applicationOf(query, instance);
    return userCodePage({
      application: application.name,
      parameters: query,
      userCode: query.get('user_code'),
    });
  });

/** Handles its form, in two steps: the code, then the log-in of the person who approves the device. */
export function submitDevicePage(request: ApiRequest, instance: Instance): Promise<Answer> | Answer {
  refuseOtherSites(request);
  const { form } = request;
  return showErrors(() => {
    const application = applicationOf(form, instance);
    const parameters = new URLSearchParams({ client_id: application.id, tenantId: application.tenantId });
    const userCode = plain(form.get('interactive_user_code') ?? '');
    try {
      const device = waitingDevice(instance, application.id, userCode);
      parameters.set('interactive_user_code', device.userCode);
      if (!form.has('loginId')) return deviceLogInPage({ application: application.name, parameters });
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      const shown = { application: application.name, parameters, userCode };
      return userCodePage({
        ...shown,
        error: 'No device is showing this code now. Check it and type it again.',
      });
    }
    return logInAndApprove(request, instance, application, parameters);
  });
}

/** `GET /oauth2/device-complete`: the page shown after an approval. */
export const showDeviceComplete = (): Answer => deviceCompletePage();

async function logInAndApprove(
  request: ApiRequest,
  instance: Instance,
  application: ApplicationRecord,
  parameters: URLSearchParams,
): Promise<Answer> {
  const { form } = request;
  const [loginId, password] = [form.get('loginId') ?? '', form.get('password') ?? ''];
  const { id: applicationId, tenantId, name, oauthConfiguration } = application;
  const result = await logIn(instance, { request, tenantId, applicationId, loginId, password });
  if (result.outcome !== 'accepted') {
    const error = logInRefusals[result.outcome];
    return deviceLogInPage({ application: name, parameters, loginId, error });
  }
  const { id, user } = result.user;
  const registered = user.registrations.some((registration) => registration.applicationId === applicationId);
  if (!registered && oauthConfiguration.requireRegistration) {
    const error = 'You are not registered for this application.';
    return deviceLogInPage({ application: name, parameters, loginId, error });
  }
  approve(instance, waitingDevice(instance, applicationId, parameters.get('interactive_user_code')), id);
  return redirect(
    `${request.baseUrl}/oauth2/device-complete?client_id=${applicationId}&tenantId=${tenantId}`,
  );
}

/** Returns the client; both its id and its tenant are required here. */
function applicationOf(parameters: URLSearchParams, { state }: Instance): ApplicationRecord {
  const application = state.applications.get(parameters.get('client_id') ?? '');
  if (!application?.active)
    throw oauthError('invalid_request', 'invalid_client_id', 'No client has this client_id.');
  if (parameters.get('tenantId')?.toLowerCase() !== application.tenantId) {
    throw oauthError(
      'invalid_request',
      'invalid_tenant_id',
      'The request must name the tenant of the client.',
    );
  }
  requireDeviceGrant(application);
  return application;
}

/** Normalizes a typed code: FusionAuth's own form draws a dash in the middle, and keeps capitals. */
const plain = (typed: string): string => typed.replaceAll(/[\s-]/g, '').toUpperCase();

function showErrors<Shown extends Answer | Promise<Answer>>(show: () => Shown): Shown | Answer {
  try {
    return show();
  } catch (error) {
    if (error instanceof OAuthError) return errorPage(error);
    throw error;
  }
}
