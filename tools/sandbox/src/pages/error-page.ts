import type { Answer, OAuthError } from '../answer.js';
import { html } from './html.js';
import { page } from './page.js';

/** The page that says what is wrong with the application's request. */
export const errorPage = (error: OAuthError): Answer =>
  page(
    'Log-in is not possible',
    html`<h1>Log-in is not possible</h1>
      <p class="problem" role="alert">${error.description}</p>
      <p>
        The application that sent you here made a mistake. Go back to it and try again, or tell the people who
        run it.
      </p>
      <p class="note"><code>${error.error}</code> · <code>${error.reason ?? ''}</code></p>`,
    { status: error.answer.status },
  );
