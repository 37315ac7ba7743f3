import type { Answer } from '../answer.js';
import { type Html, html } from './html.js';
import { page } from './page.js';

interface LogInForm {
  readonly application: string;
  readonly redirectUri: string;
  /** The parameters of the authorization request, submitted again with the form. */
  readonly parameters: URLSearchParams;
  readonly loginId?: string;
  readonly error?: string;
}

/** The log-in form of `/oauth2/authorize`. */
export function logInPage({ application, redirectUri, parameters, loginId = '', error }: LogInForm): Answer {
  const body = html` <h1>Log in to ${application}</h1>
    ${errorText(error)}
    <form method="post" action="/oauth2/authorize">
      ${hiddenFields(parameters)} ${logInFields(loginId, error)}
      <button type="submit">Log in</button>
    </form>
    <p class="note">
      A stand-in for FusionAuth, for development only. The passwords of the people it starts with are in
      <code>sandbox/secrets.env</code> of its data directory.
    </p>`;
  return page(`Log in to ${application}`, body, { formTarget: originOf(redirectUri) });
}

/** Returns hidden fields for the parameters that a form submits again. */
export const hiddenFields = (parameters: URLSearchParams): Html[] =>
  [...parameters].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);

/** Returns the error of the submitted form; the fields that it is about refer to it. */
export const errorText = (error: string | undefined): Html =>
  error === undefined ? html`` : html`<p class="problem" id="error" role="alert">${error}</p>`;

/** Returns the attributes of a field that `error` is about. */
export const invalidAttributes = (error: string | undefined): Html =>
  error === undefined ? html`` : html`aria-invalid="true" aria-describedby="error"`;

/** Returns the two fields of a log-in; the first empty one has the focus. */
export function logInFields(loginId: string, error?: string): Html {
  const focus = html`autofocus`;
  const [first, second] = loginId === '' ? [focus, ''] : ['', focus];
  return html`<div class="field">
      <label for="loginId">E-mail or user name</label>
      <input
        id="loginId"
        name="loginId"
        type="text"
        value="${loginId}"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        required
        ${invalidAttributes(error)}
        ${first}
      />
    </div>
    <div class="field">
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        ${invalidAttributes(error)}
        ${second}
      />
    </div>`;
}

// The address of a native app (myapp:/done) has no origin; the policy can name its scheme instead.
export function originOf(redirectUri: string): string {
  const { origin, protocol } = new URL(redirectUri);
  return origin === 'null' ? protocol : origin;
}
