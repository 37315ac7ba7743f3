import { z } from 'zod';
import { type Answer, notImplemented, redirect, Refusal } from '../answer.js';
import { check } from '../body.js';
import { destinationOf } from '../hosted-backend/login-flow.js';
import type { ApiRequest, Instance } from '../instance.js';
import { type AuthorizationRequest, checkAuthorizationRequest } from '../oauth/authorization-request.js';
import type { ReturnAddress } from '../oauth/return-address.js';
import { registrationPage } from '../pages/registration-page.js';
import { logIn } from '../users/log-in.js';
import { addRegistration, registersItself } from '../users/registrations.js';
import { checkFields, fieldsOf, loginIdOf, splitRegistration } from '../users/self-registration.js';
import { addUser, userFields } from '../users/users.js';
import type { ErrorsBody } from '../wire.js';
import { grantCode, logInRefusals, redirectErrors, refuseOtherSites } from './authorize.js';

const requestBody = z.looseObject({ user: userFields });

/** `GET /oauth2/register`: the page where people register themselves, or the log-in page where they cannot. */
export function showRegistration(request: ApiRequest, instance: Instance): Promise<Answer> {
  return whereAllowed(request, instance, request.query, (address) =>
    formFor(request, address, request.query),
  );
}

/** Handles its form: creates the user with the default roles, logs them in and redirects with a code. */
export function submitRegistration(request: ApiRequest, instance: Instance): Promise<Answer> {
  refuseOtherSites(request);
  const { entered, parameters } = splitRegistration(request.form);
  return whereAllowed(request, instance, parameters, async (address, wanted) => {
    const { application, tenant } = address;
    const problem = checkFields(application, entered);
    if (problem !== undefined) return formFor(request, address, parameters, entered, problem);
    try {
      const { user: fields } = check(requestBody, { user: fieldsOf(application, entered) });
      const record = await addUser(instance, {
        tenantId: tenant.id,
        id: undefined,
        fields,
        sendSetPasswordEmail: false,
      });
      addRegistration(instance, record, application, {});
    } catch (error) {
      const message = error instanceof Refusal ? firstMessage(error) : undefined;
      if (message === undefined) throw error;
      return formFor(request, address, parameters, entered, message);
    }
    const result = await logIn(instance, {
      request,
      tenantId: tenant.id,
      applicationId: application.id,
      loginId: loginIdOf(application, entered),
      password: entered.get('user.password') ?? '',
    });
    if (result.outcome !== 'accepted')
      return formFor(request, address, parameters, entered, logInRefusals[result.outcome]);
    return redirect(grantCode(instance, address, wanted, result.user));
  });
}

function whereAllowed(
  request: ApiRequest,
  instance: Instance,
  parameters: URLSearchParams,
  proceed: (address: ReturnAddress, wanted: AuthorizationRequest) => Answer | Promise<Answer>,
): Promise<Answer> {
  return redirectErrors(request, instance, parameters, (address) => {
    const wanted = checkAuthorizationRequest(parameters, address.application);
    if (!registersItself(address.application))
      return redirect(`${request.baseUrl}/oauth2/authorize?${parameters.toString()}`);
    if (address.application.registrationConfiguration?.type === 'advanced')
      throw notImplemented('registration by an advanced form');
    return proceed(address, wanted);
  });
}

const formFor = (
  { baseUrl }: ApiRequest,
  address: ReturnAddress,
  parameters: URLSearchParams,
  entered?: URLSearchParams,
  error?: string,
): Answer =>
  registrationPage({
    application: address.application,
    redirectUri: destinationOf(address, baseUrl),
    parameters,
    entered,
    error,
  });

const firstMessage = ({ answer }: Refusal): string | undefined =>
  Object.values((answer.body as ErrorsBody | undefined)?.fieldErrors ?? {})
    .flat()
    .at(0)?.message;
