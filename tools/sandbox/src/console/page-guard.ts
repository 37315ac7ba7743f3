import { createHmac, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback, sameSecret } from '#gatehouse/platform';
import { cookie } from '../cookies.js';

/** Thrown when a request to the page is refused; the message says what to do. */
export class PageRefusal extends Error {
  override readonly name = 'PageRefusal';
}

const cookieName = 'sandbox_page';

/**
 * Restricts the page to a browser on this machine that opened it by a loopback name, and its buttons to the page
 * itself. An attacker's host name can resolve to this machine too (DNS rebinding), so `Host` must be a loopback name.
 */
export class PageGuard {
  /** Lives as long as the process: after a restart the page must be opened again. */
  readonly #key = randomBytes(32);

  /** Throws {@link PageRefusal} for a page that is opened from another machine, or by another name. */
  checkVisit({ ip, hostname }: FastifyRequest): void {
    if (isLoopback(ip) && isLoopback(hostname)) return;
    throw new PageRefusal(
      'This page is available only under a name of this machine: open it at 127.0.0.1 or localhost.',
    );
  }

  /**
   * Throws {@link PageRefusal} unless the form came from this page: by `Origin` (Fetch standard, section 3.1), by
   * `Sec-Fetch-Site` where the browser sends it, and by the token. Each check covers for a browser that lacks another.
   */
  checkPress(request: FastifyRequest): void {
    this.checkVisit(request);
    const { origin, 'sec-fetch-site': site = 'same-origin' } = request.headers;
    if (origin !== `${request.protocol}://${request.host}` || site !== 'same-origin') {
      throw new PageRefusal(
        'The form did not come from this page. Open the page and press the button there.',
      );
    }

    const { body } = request;
    const token = body instanceof URLSearchParams ? body.get('pageToken') : null;
    const session = sessionOf(request);
    if (session === undefined || token === null || !sameSecret(token, this.#tokenOf(session)))
      throw new PageRefusal('The page is from before a restart or from another browser. Open it again.');
  }

  /** Returns the token for the forms of the page; a browser without a session gets one. */
  tokenFor(request: FastifyRequest, reply: FastifyReply): string {
    const session = sessionOf(request) ?? randomBytes(16).toString('base64url');
    void reply.header('set-cookie', `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`);
    return this.#tokenOf(session);
  }

  // Cookies are shared between ports, so other servers on this machine receive the session too. They cannot derive the
  // token from it.
  #tokenOf(session: string): string {
    return createHmac('sha256', this.#key).update(session).digest('base64url');
  }
}

function sessionOf({ headers }: FastifyRequest): string | undefined {
  const session = cookie(headers.cookie, cookieName);
  return session !== undefined && /^[\w-]{22}$/.test(session) ? session : undefined;
}
