import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CommandContext } from '../context.js';
import type { Orders } from './credentials/orders.js';
import { Access } from './ownership/access.js';
import { CurrentRights } from './ownership/rights.js';
import { recentViewer, type Viewer, viewerNow } from './ownership/viewer.js';
import type { Answer } from './pages/answer.js';
import { PageProblem } from './pages/page-problem.js';
import { send } from './pages/send.js';
import { checkForm } from './session/form-guard.js';
import type { Session, Sessions } from './session/session.js';

/** The parts that all pages share. */
export interface Portal {
  readonly context: CommandContext;
  readonly sessions: Sessions;
  readonly orders: Orders;
  /** The portal's URL for browsers, without a trailing slash. */
  readonly publicUrl: string;
}

/** A request for a public page. */
export interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly session: Session | undefined;
}

/** A request of a user who is logged in. Rights are those of `access`: what the session says may be an hour old. */
export interface OwnVisit extends Omit<Visit, 'session'> {
  readonly session: Omit<Session, 'admin'>;
  readonly access: Access;
  /** The actor, as the audit trail records it. */
  readonly actor: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The fields of the submitted form. */
  readonly form: Readonly<Record<string, string | undefined>>;
}

type Route<V> = (path: string, handle: (visit: V) => Promise<Answer>) => void;

/**
 * `fields` are those that a person fills in, none of them secret: after another log-in the page of the form, which has
 * the same path, gets them in its query. Undefined for a form whose path has no page.
 */
type FormRoute = (
  path: string,
  handle: (visit: OwnVisit) => Promise<Answer>,
  fields?: readonly string[],
) => void;

/** The ways to add a page. There is no other, so that no page can miss its guard. */
export interface Routes {
  readonly portal: Portal;
  /** Adds a public page. */
  readonly publicPage: Route<Visit>;
  /**
   * Adds a page for users who are logged in; others are sent to the log-in and return. FusionAuth said a few seconds ago
   * at most that the user still has access.
   */
  readonly ownPage: Route<OwnVisit>;
  /** Handles a form of such a page. */
  readonly ownForm: FormRoute;
  /** The same for changes of clients and credentials: the user's rights are read from FusionAuth again. */
  readonly change: FormRoute;
  /** Handles a form that needs a session only, and works for a user who no longer has access too. */
  readonly sessionForm: Route<Visit>;
}

export function routesOf(server: FastifyInstance, portal: Portal): Routes {
  const rights = new CurrentRights(portal.context);
  const { get, post } = methodsOf(server, portal);
  const own = async (
    { session: _session, ...visit }: Visit,
    viewer: Viewer,
    handle: (visit: OwnVisit) => Promise<Answer>,
  ): Promise<FastifyReply> =>
    send(await handle(ownVisit(portal.context, visit, viewer)), { ...visit, session: viewer.session });
  return {
    portal,
    publicPage: (path, handle) => get(path, async (visit) => send(await handle(visit), visit)),
    ownPage: (path, handle) =>
      get(path, async (visit) => {
        const { session, request } = visit;
        if (!session) return send({ goTo: `/login?to=${encodeURIComponent(request.url)}` }, visit);
        return own(visit, await recentViewer(rights, session), handle);
      }),
    ownForm: (path, handle, fields) =>
      post(path, async (visit) => own(visit, await recentViewer(rights, visit.session), handle), fields),
    change: (path, handle, fields) =>
      post(path, async (visit) => own(visit, await viewerNow(rights, visit.session), handle), fields),
    sessionForm: (path, handle) => post(path, async (visit) => send(await handle(visit), visit)),
  };
}

type SessionVisit = Visit & { readonly session: Session };

/** Returns the ways to add a route: a form needs a session, and must come from a page of that session. */
function methodsOf(server: FastifyInstance, { sessions, publicUrl }: Portal) {
  return {
    get: (path: string, handle: (visit: Visit) => Promise<FastifyReply>) =>
      // A HEAD would use up what is shown once.
      server.get(path, { exposeHeadRoute: false }, async (request, reply) =>
        handle({ request, reply, session: await sessions.read(request) }),
      ),
    post: (
      path: string,
      handle: (visit: SessionVisit) => Promise<FastifyReply>,
      fields?: readonly string[],
    ) =>
      server.post(path, async (request, reply) => {
        const session = await sessions.read(request);
        const page = fields && pageOf(request, fields);
        if (!session) throw sessionEnded(page);
        checkForm(request, session, { publicUrl, page });
        return handle({ request, reply, session });
      }),
  };
}

/** Returns the page of a form, with what was typed into these fields. */
function pageOf(request: FastifyRequest, fields: readonly string[]): string {
  const form = formOf(request);
  const typed = Object.entries(form).filter(([name]) => fields.includes(name)) as [string, string][];
  const path = request.url.replace(/\?.*/s, '');
  return typed.length === 0 ? path : `${path}?${new URLSearchParams(typed).toString()}`;
}

const sessionEnded = (page: string | undefined): PageProblem =>
  page === undefined
    ? new PageProblem(401, 'You are logged out', 'Your session has ended. Log in and try again.', {
        path: '/login',
        title: 'Log in',
      })
    : new PageProblem(
        401,
        'You are logged out',
        'Your session has ended, so nothing was changed. Log in to return to the form.',
        { path: `/login?to=${encodeURIComponent(page)}`, title: 'Log in' },
      );

/** The fields of a form that were sent once. */
const formOf = ({ body }: FastifyRequest): OwnVisit['form'] =>
  Object.fromEntries(
    Object.entries((body ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

function ownVisit(
  context: CommandContext,
  visit: Omit<Visit, 'session'>,
  { session, isAdmin }: Viewer,
): OwnVisit {
  const { request } = visit;
  return {
    ...visit,
    session,
    access: new Access(context, session, isAdmin),
    actor: `portal:${session.subject}`,
    params: request.params as Record<string, string>,
    query: request.query as Record<string, unknown>,
    form: formOf(request),
  };
}
