import type { Answer } from '../answer.js';
import type { ApplicationRecord } from '../state/state.js';
import { type RegistrationField, registrationFields } from '../users/self-registration.js';
import { type Html, html } from './html.js';
import { errorText, hiddenFields, originOf } from './log-in-page.js';
import { page } from './page.js';

interface RegistrationForm {
  readonly application: ApplicationRecord;
  readonly redirectUri: string;
  /** The parameters of the authorization request, submitted again with the form. */
  readonly parameters: URLSearchParams;
  /** The values entered before; passwords are not shown again. */
  readonly entered: URLSearchParams | undefined;
  readonly error: string | undefined;
}

/** The form of `/oauth2/register`. */
export function registrationPage(form: RegistrationForm): Answer {
  const { application, redirectUri, parameters, entered, error } = form;
  const title = `Register for ${application.name}`;
  const body = html`<h1>${title}</h1>
    ${errorText(error)}
    <form method="post" action="/oauth2/register">
      ${hiddenFields(parameters)}
      ${registrationFields(application).map((field) => input(field, entered?.get(field.name) ?? ''))}
      <button type="submit">Register</button>
    </form>
    <p class="note">
      <a href="/oauth2/authorize?${parameters.toString()}">I have an account already.</a>
    </p>`;
  return page(title, body, { formTarget: originOf(redirectUri) });
}

function input({ name, label, type, autocomplete, required }: RegistrationField, value: string): Html {
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      value="${type === 'password' ? '' : value}"
      autocomplete="${autocomplete}"
      ${required ? html`required` : ''}
    />
  </div>`;
}
