import type { Answer } from '../answer.js';
import { html } from './html.js';
import { page } from './page.js';

/** What somebody reads who opens the sandbox in a browser, and where a log-out without a return address ends. */
export const homePage = (): Answer =>
  page(
    'The sandbox',
    html`<h1>The sandbox</h1>
      <p>
        It stands in for FusionAuth, for development and tests. It is not FusionAuth, nor made by its makers.
      </p>
      <p><a href="/.well-known/openid-configuration">Discovery</a> names the endpoints of OAuth.</p>
      <p>
        <code>GET /_sandbox</code> lists what it does and does not do, and how to move its clock, make it fail
        and rotate its keys. It answers programs on this machine only, so ask with <code>curl</code>.
      </p>`,
  );
