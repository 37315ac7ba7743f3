import { readRights } from '../ownership/rights.js';
import { goTo } from '../pages/answer.js';
import { PageProblem } from '../pages/page-problem.js';
import type { Routes } from '../routes.js';
import { beginLogIn, completeLogIn, pendingSchema } from './log-in.js';

const gone =
  'This log-in was completed before, took longer than ten minutes, or was begun in another browser.';

/** Adds logging in through FusionAuth, and logging out of the portal. */
export function addLogInRoutes({ publicPage, sessionForm, portal }: Routes): void {
  const { context, sessions, publicUrl } = portal;

  publicPage('/login', async ({ request, reply }) => {
    const { to = '/clients', at } = request.query as { to?: string; at?: string };
    // A cookie set under another host name would be missing when FusionAuth redirects the browser back.
    if (request.host !== new URL(publicUrl).host && at === undefined)
      return goTo(`${publicUrl}/login?at=public&to=${encodeURIComponent(to)}`);
    const { url, pending } = await beginLogIn(context, pathOf(to));
    await sessions.storeLogIn(request, reply, pending);
    return goTo(url.href);
  });

  publicPage('/callback', async ({ request, reply }) => {
    const { state = '' } = request.query as { state?: string };
    const again = { path: '/login', title: 'Log in again' };
    const pending = pendingSchema.safeParse(await sessions.takeLogIn(request, reply, state));
    if (!pending.success) throw new PageProblem(400, 'You are not logged in', gone, again);
    const query = request.url.slice(request.url.indexOf('?'));
    const { issuer, subject } = await completeLogIn(context, query, pending.data);
    const { name, admin } = await readRights(context, subject);
    await sessions.begin(reply, { issuer, subject, name, admin });
    return goTo(pending.data.returnTo);
  });

  sessionForm('/logout', ({ reply }) => {
    // Sessions at FusionAuth, and credentials issued to clients, are not affected.
    sessions.end(reply);
    return Promise.resolve(goTo('/?notice=logged-out'));
  });
}

/**
 * Returns a path of the portal itself for any address, so that a log-in cannot lead to another site. The limit
 * is that of the cookie that stores it.
 */
const pathOf = (wanted: string): string =>
  /^\/(?![/\\])[\w\-./?=&%~+*]{0,999}$/.test(wanted) ? wanted : '/clients';
