import { randomBytes } from 'node:crypto';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '#gatehouse/platform';
import type { Sealed } from './sealed.js';

const schema = z.object({
  issuer: z.string(),
  /** The person's id at FusionAuth. */
  subject: z.string(),
  name: z.string(),
  /** Holds `portal-admin`, as of the log-in. What changes something asks FusionAuth again. */
  admin: z.boolean(),
  /** Goes into every form of this session. */
  formToken: z.string(),
});

/** Who is logged in to the portal. */
export type Session = Readonly<z.output<typeof schema>>;

/** How long somebody stays logged in. The page of FusionAuth asks for no password again while its own session lasts. */
const sessionMs = 3_600_000;
/** How long somebody may take at the page of FusionAuth. */
const logInMs = 600_000;
/** Characters of a name that a page shows; a cookie has room for 4,096 bytes. */
const longestName = 120;

/** The portal's cookies. They hold no token of FusionAuth. */
export class Sessions {
  readonly #options: CookieSerializeOptions;
  readonly #prefix: string;

  constructor(
    private readonly sealed: Sealed,
    private readonly clock: Clock,
    publicUrl: string,
  ) {
    const secure = publicUrl.startsWith('https:');
    // Lax: the redirect back from FusionAuth is a navigation from another site, and needs them.
    this.#options = { path: '/', httpOnly: true, sameSite: 'lax', secure };
    // With the prefix a browser takes them from this host alone, and over TLS alone.
    this.#prefix = secure ? '__Host-gatehouse' : 'gatehouse';
  }

  async read({ cookies }: FastifyRequest): Promise<Session | undefined> {
    const content = await this.#opened(cookies[`${this.#prefix}-session`], 'session');
    return schema.safeParse(content).data;
  }

  async begin(reply: FastifyReply, person: Omit<Session, 'formToken'>): Promise<void> {
    const formToken = randomBytes(32).toString('base64url');
    const name = person.name.slice(0, longestName).toWellFormed();
    const text = await this.sealed.seal({ ...person, name, formToken }, 'session', this.clock() + sessionMs);
    this.#set(reply, 'session', text, sessionMs);
  }

  end(reply: FastifyReply): void {
    void reply.clearCookie(`${this.#prefix}-session`, this.#options);
  }

  /** Keeps what a log-in needs to be completed, by its state: several may be under way in one browser. */
  async keepLogIn(reply: FastifyReply, state: string, content: object): Promise<void> {
    const text = await this.sealed.seal(content, 'log-in', this.clock() + logInMs);
    this.#set(reply, logInName(state), text, logInMs);
  }

  /** Returns what was kept for the state, once: the answer deletes its cookie. */
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
