import { randomBytes } from 'node:crypto';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '#gatehouse/platform';
import type { Sealed } from './sealed.js';

const schema = z.object({
  issuer: z.string(),
  /** The user's id in FusionAuth. */
  subject: z.string(),
  name: z.string(),
  /** Whether the user had `portal-admin` at the log-in. FusionAuth is asked again before it is used. */
  admin: z.boolean(),
  /** Included in every form of this session. */
  formToken: z.string(),
});

/** The user who is logged in to the portal. */
export type Session = Readonly<z.output<typeof schema>>;

/**
 * How long a user stays logged in, in milliseconds. FusionAuth's page asks for no password while its own session
 * lasts.
 */
const sessionMs = 3_600_000;
/** How long a user may take on FusionAuth's page, in milliseconds. */
const logInMs = 600_000;
/**
 * The log-ins that may be in progress in one browser. Another one gives up the oldest, which browsers send first (RFC
 * 6265 section 5.4): with too many cookies every request of the browser would be refused with 431.
 */
const maximumLogIns = 8;
/** A cookie can hold 4,096 bytes. */
const maximumNameCharacters = 120;

/** The portal's cookies. They contain no FusionAuth token. */
export class Sessions {
  readonly #options: CookieSerializeOptions;
  readonly #prefix: string;

  constructor(
    private readonly sealed: Sealed,
    private readonly clock: Clock,
    publicUrl: string,
  ) {
    const secure = publicUrl.startsWith('https:');
    // Lax: the redirect back from FusionAuth is a navigation from another site, which must send them.
    this.#options = { path: '/', httpOnly: true, sameSite: 'lax', secure };
    // With the prefix a browser accepts them only from this host and only over TLS.
    this.#prefix = secure ? '__Host-gatehouse' : 'gatehouse';
  }

  async read({ cookies }: FastifyRequest): Promise<Session | undefined> {
    const content = await this.#opened(cookies[`${this.#prefix}-session`], 'session');
    return schema.safeParse(content).data;
  }

  async begin(reply: FastifyReply, person: Omit<Session, 'formToken'>): Promise<void> {
    const formToken = randomBytes(32).toString('base64url');
    const name = person.name.slice(0, maximumNameCharacters);
    const text = await this.sealed.seal({ ...person, name, formToken }, 'session', this.clock() + sessionMs);
    this.#set(reply, 'session', text, sessionMs);
  }

  end(reply: FastifyReply): void {
    void reply.clearCookie(`${this.#prefix}-session`, this.#options);
  }

  /** Stores what a log-in needs to be completed, by its state: several may be in progress in one browser. */
  async storeLogIn(
    { cookies }: FastifyRequest,
    reply: FastifyReply,
    content: object & { readonly state: string },
  ): Promise<void> {
    const pending = Object.keys(cookies).filter((name) => name.startsWith(`${this.#prefix}-login-`));
    for (const name of pending.slice(0, -(maximumLogIns - 1))) void reply.clearCookie(name, this.#options);
    const text = await this.sealed.seal(content, 'log-in', this.clock() + logInMs);
    this.#set(reply, logInName(content.state), text, logInMs);
  }

  /** Returns the content stored for the state, once: the response deletes its cookie. */
  async takeLogIn(request: FastifyRequest, reply: FastifyReply, state: string): Promise<unknown> {
    const name = `${this.#prefix}-${logInName(state)}`;
    const text = request.cookies[name];
    if (text === undefined) return undefined;
    void reply.clearCookie(name, this.#options);
    return this.#opened(text, 'log-in');
  }

  #set(reply: FastifyReply, name: string, text: string, lifetimeMs: number): void {
    const maxAge = Math.floor(lifetimeMs / 1000);
    void reply.setCookie(`${this.#prefix}-${name}`, text, { ...this.#options, maxAge });
  }

  #opened(text: string | undefined, purpose: 'session' | 'log-in'): Promise<unknown> {
    return text === undefined ? Promise.resolve(undefined) : this.sealed.open(text, purpose);
  }
}

const logInName = (state: string): string => `login-${/^[\w-]{8}/.exec(state)?.[0] ?? ''}`;
