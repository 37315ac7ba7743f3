import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, serveKeys } from '../../issuer/src/key-server.js';
import type { Json } from '../../issuer/src/signing-key.js';
import { applicationId, encode, issuer, tenantId } from '../../issuer/src/token-minter.js';

export type Fault = 'none' | '500' | 'hang' | 'refused';

/** The behaviour of the stand-in from now on. A call that hangs is never answered. */
export interface Behaviour {
  /** Milliseconds before each answer. */
  readonly delayMs?: number;
  readonly fault?: Fault;
}

export const introspectionPath = '/oauth2/introspect';
export const keySetPath = '/.well-known/jwks.json';
/** The API key of the resource server itself; it may read the records behind a token. */
export const ownKey = 'our-own-narrow-key';
export const probeGroupId = '5f6f1a0e-6a3c-4a55-9c0b-8f0c7f4f6a11';

/**
 * Answers the calls that a guard makes to FusionAuth, without any look-up, so that the stand-in never affects the
 * measurement. API keys and authentication tokens are valid when they start with `good`; others are refused without a
 * body (FusionAuth docs, Status Codes).
 */
export class FusionAuthStandIn {
  readonly #calls = new Map<string, number>();
  readonly #keys: Json[];
  #behaviour: Required<Behaviour> = { delayMs: 0, fault: 'none' };
  #server: Awaited<ReturnType<typeof serveKeys>> | undefined;
  #url = '';

  private constructor(keys: readonly Json[]) {
    this.#keys = [...keys];
  }

  static async start(keys: readonly Json[], behaviour: Behaviour): Promise<FusionAuthStandIn> {
    const standIn = new FusionAuthStandIn(keys);
    await standIn.behave(behaviour);
    return standIn;
  }

  get url(): string {
    return this.#url;
  }

  /** Changes the given members. */
  async behave(next: Behaviour): Promise<void> {
    this.#behaviour = { ...this.#behaviour, ...next };
    if (this.#behaviour.fault === 'refused') return this.close();
    if (this.#server) return;
    const port = Number(new URL(this.#url || 'http://127.0.0.1:0').port);
    const more = (request: IncomingMessage, { pathname }: URL) => this.#answer(request, pathname);
    this.#server = await serveKeys({ port, keys: this.#keys, issuer, more });
    this.#url = this.#server.url;
  }

  /** Publishes one more key. */
  addKey(key: Json): void {
    this.#keys.push(key);
  }

  /** Returns the calls of a path, or of a path with one credential: the caller's own key, or the body. */
  calls(path: string, credential = ''): number {
    return this.#calls.get(`${path} ${credential}`) ?? 0;
  }

  /** Returns the calls about a credential: all except those for discovery and the key set. */
  callsAboutCredentials(): number {
    return [...this.#calls].reduce(
      (sum, [key, count]) => (key.endsWith(' ') && !key.includes('/.well-known/') ? sum + count : sum),
      0,
    );
  }

  /** Returns the calls of the credential with the most calls. */
  maximumForOne(): number {
    return Math.max(0, ...[...this.#calls].flatMap(([key, count]) => (key.endsWith(' ') ? [] : [count])));
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  async #answer(request: IncomingMessage, path: string): Promise<Answer | undefined> {
    const body = await text(request);
    for (const credential of new Set(['', body || (request.headers.authorization ?? '')]))
      this.#calls.set(`${path} ${credential}`, this.calls(path, credential) + 1);
    const { delayMs, fault } = this.#behaviour;
    if (fault === 'hang') await new Promise(() => undefined);
    if (delayMs > 0) await delay(delayMs);
    return fault === '500' ? { status: 500 } : answerTo(path, request.headers.authorization ?? '', body);
  }
}

/** Undefined for the paths that the issuer serves itself: discovery and the key set. */
function answerTo(path: string, key: string, body: string): Answer | undefined {
  if (path.includes('/.well-known/')) return undefined;
  if (path.startsWith('/api/jwt/public-key'))
    return { status: 200, body: { publicKey: 'a PEM; only its presence counts' } };
  if (path === introspectionPath) return { status: 200, body: { active: true } };
  if (path.startsWith('/api/group/') && key.startsWith('good'))
    return { status: 200, body: { group: { id: path.slice('/api/group/'.length), tenantId } } };
  if (path === '/api/login') {
    const { loginId, password } = JSON.parse(body) as { loginId: string; password: string };
    return password.startsWith('good') ? { status: 200, body: loggedIn(loginId) } : { status: 404 };
  }
  const record = key === ownKey ? recordAt(path) : undefined;
  // The paths that a client's key must not open.
  return record ?? { status: 401 };
}

/** Returns the session, the user and the locks behind a token whose session has the id of its user. */
function recordAt(path: string): Answer | undefined {
  const id = path.slice(path.lastIndexOf('/') + 1);
  const registrations = [{ applicationId, roles: ['todo-reader'] }];
  if (path.startsWith('/api/jwt/refresh/'))
    return { status: 200, body: { refreshToken: { id, userId: id, applicationId } } };
  if (path === '/api/user/action') return { status: 200, body: { actions: [] } };
  if (path.startsWith('/api/user/'))
    return { status: 200, body: { user: { id, active: true, registrations } } };
  return undefined;
}

function loggedIn(email: string) {
  const claims = { iss: issuer, applicationId, authenticationType: 'APPLICATION_TOKEN' };
  const registrations = [{ applicationId, roles: ['todo-reader'] }];
  return {
    token: `${encode({ alg: 'RS256' })}.${encode(claims)}.${encode({})}`,
    user: { id: email, tenantId, email, verified: true, registrations },
  };
}
