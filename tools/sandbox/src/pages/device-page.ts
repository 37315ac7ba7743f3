import type { Answer } from '../answer.js';
import { type Html, html } from './html.js';
import { errorText, hiddenFields, invalidAttributes, logInFields } from './log-in-page.js';
import { page } from './page.js';

interface DeviceForm {
  readonly application: string;
  /** The parameters that the form submits again. */
  readonly parameters: URLSearchParams;
  readonly error?: string;
}

/** The page that asks for the code shown by a device. */
export function userCodePage({
  application,
  parameters,
  userCode,
  error,
}: DeviceForm & { readonly userCode: string | null }): Answer {
  const others = new URLSearchParams(parameters);
  for (const name of ['user_code', 'interactive_user_code']) others.delete(name);
  return devicePage(`Connect a device to ${application}`, {
    error,
    fields: html`${hiddenFields(others)}
      <div class="field">
        <label for="code">Code on the device</label>
        <input
          id="code"
          name="interactive_user_code"
          value="${userCode ?? ''}"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          required
          ${invalidAttributes(error)}
          autofocus
        />
      </div>
      <button type="submit">Continue</button>`,
  });
}

/** The page that asks the person who approves the device to log in. */
export const deviceLogInPage = ({
  application,
  parameters,
  error,
  loginId = '',
}: DeviceForm & { readonly loginId?: string }): Answer =>
  devicePage(`Log in to ${application}`, {
    error,
    fields: html`${hiddenFields(parameters)}
      <p>The device with the code ${parameters.get('interactive_user_code') ?? ''} will act as you.</p>
      ${logInFields(loginId, error)}
      <button type="submit">Log in and connect the device</button>`,
  });

export const deviceCompletePage = (): Answer =>
  page(
    'The device is connected',
    html`<h1>The device is connected</h1>
      <p>You can close this page.</p>`,
  );

function devicePage(title: string, { error, fields }: { error: string | undefined; fields: Html }): Answer {
  return page(
    title,
    html`<h1>${title}</h1>
      ${errorText(error)}
      <form method="post" action="/oauth2/device">${fields}</form>`,
  );
}
