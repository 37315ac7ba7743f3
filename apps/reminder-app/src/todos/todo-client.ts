import { Agent, EnvHttpProxyAgent, request } from 'undici';
import { z } from 'zod';
import { CredentialFailure, type CredentialSource, devCenterAt } from '#gatehouse/credentials';
import { type Clock, exitCodes, ExitError, type Logger, type Pause, usesProxies } from '#gatehouse/platform';
import { maxIds, maxPage, ownerSchema, todoSchema } from '#gatehouse/todo-contract';
import { recipientOf } from '../ledger/recipient.js';
import type { DueWindow } from '../run/due-window.js';
import { retryAfterMs } from './retry-after.js';

const answerTimeoutMs = 10_000;
/** Larger than a page of 1,000 todos with the longest notes in the widest characters. */
const maxAnswerBytes = 32 * 1024 * 1024;
/**
 * Asks explicitly for everyone's todos: without the role todo-auditor the API answers 403 instead of the client's own
 * todos, which are mostly none.
 */
const everyone = 'everyone';
/** The maximum attempts for a page, and the maximum wait that the API may request; beyond either the run gives up. */
const maxAttempts = 4;
const maxWaitMs = 30_000;
/** How long after a refusal the new token is requested; see `#refresh`. */
const afterRevocationMs = 1_600;

/** The fields of a todo that the Reminder App relies on, and checks; addresses in the spelling of {@link recipientOf}. */
const dueTodoSchema = todoSchema.pick({ id: true, title: true, dueAt: true }).extend({
  owner: ownerSchema
    .pick({ timeZone: true })
    .extend({ email: ownerSchema.shape.email.transform((email) => email && recipientOf(email)) }),
});
const pageSchema = z.object({ items: z.array(dueTodoSchema), nextCursor: z.string().nullable() });
export type DueTodo = z.output<typeof dueTodoSchema>;
type Page = z.output<typeof pageSchema>;

interface Answer {
  /** Undefined if no response came. */
  readonly status?: number;
  readonly retryAfter?: string | undefined;
  readonly body?: unknown;
  readonly error?: unknown;
}

interface TodoClientParts {
  readonly baseUrl: string;
  readonly devCenterUrl: string | undefined;
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Logger;
}

/** Reads everyone's open todos over HTTP, as a third party. */
export class TodoClient {
  readonly #agent = new (usesProxies() ? EnvHttpProxyAgent : Agent)({ maxResponseSize: maxAnswerBytes });

  constructor(private readonly parts: TodoClientParts) {}

  /**
   * Yields the open todos due in `window`, page by page, each requested after the one before has been handled. Throws
   * an ExitError: 3 if the API refuses the credential (a 403, or a 401 after the one refresh that a reading may
   * make), 4 if it gives no usable response after all retries.
   */
  async *due(window: DueWindow, signal: AbortSignal, pageSize = maxPage): AsyncGenerator<readonly DueTodo[]> {
    const query = new URLSearchParams({
      owner: everyone,
      dueAfter: new Date(window.from).toISOString(),
      dueBefore: new Date(window.until).toISOString(),
      status: 'open',
      limit: String(pageSize),
    });
    yield* this.#pages(query, signal);
  }

  /** Returns those of the todos that exist and are open. Throws like {@link due}. */
  async open(ids: readonly string[], signal: AbortSignal): Promise<DueTodo[]> {
    const found: DueTodo[] = [];
    for (let from = 0; from < ids.length; from += maxIds) {
      const part = ids.slice(from, from + maxIds).join(',');
      const query = new URLSearchParams({
        owner: everyone,
        ids: part,
        status: 'open',
        limit: String(maxIds),
      });
      // Up to the last page, even of small pages: a todo that is missing here is treated as finished.
      for await (const page of this.#pages(query, signal)) found.push(...page);
    }
    return found;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  /** Yields every page of a list; its credential may be refreshed once. */
  async *#pages(query: URLSearchParams, signal: AbortSignal): AsyncGenerator<readonly DueTodo[]> {
    const reading = { refreshed: false };
    for (let cursor: string | null | undefined; cursor !== null;) {
      if (cursor !== undefined) query.set('cursor', cursor);
      const page: Page = await this.#page(query, reading, signal);
      if (page.nextCursor === cursor) throw unavailable('answered the same page twice');
      yield page.items;
      cursor = page.nextCursor;
    }
  }

  async #page(query: URLSearchParams, reading: { refreshed: boolean }, signal: AbortSignal): Promise<Page> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#get(query, signal);
      if (answer.status === 200) return parsePage(answer.body);
      if (answer.status === 401 && !reading.refreshed) {
        reading.refreshed = true;
        await this.#refresh(signal);
      } else if (answer.status === undefined || answer.status === 429 || answer.status >= 500) {
        await this.#standBack(answer, attempt, signal);
      } else {
        // A role that is granted again is in the next access token, not in this one.
        if (answer.status === 403) this.parts.credentials.invalidate();
        throw this.#refusalOf(answer.status);
      }
    }
  }

  /**
   * Waits before a new token is issued, which could otherwise be refused like the old one. A revocation is compared
   * with the token's `iat`, which has whole seconds, and the Todo API adds 500 ms, because FusionAuth announces a
   * revocation before it commits it. So the wait is 500 ms, a full second, and 100 ms for timers that fire early. It
   * does not depend on the clocks, because the refusal cannot have come before the revocation.
   */
  async #refresh(signal: AbortSignal): Promise<void> {
    this.parts.log.info('the Todo API refused the credential; refreshing it once');
    this.parts.credentials.invalidate();
    await this.parts.pause(afterRevocationMs, signal);
  }

  async #standBack(answer: Answer, attempt: number, signal: AbortSignal): Promise<void> {
    const { status, error } = answer;
    const waitMs = retryAfterMs(answer.retryAfter, this.parts.clock()) ?? 1_000 * 2 ** (attempt - 1);
    if (attempt >= maxAttempts || waitMs > maxWaitMs) {
      if (status === undefined) throw unavailable(`did not answer (${reasonOf(error)})`, error);
      throw unavailable(`answered ${status} and asks to wait ${Math.ceil(waitMs / 1000)} s`);
    }
    this.parts.log.info({ status, waitMs }, 'the Todo API did not return a page; retrying');
    await this.parts.pause(waitMs, signal);
  }

  async #get(query: URLSearchParams, signal: AbortSignal): Promise<Answer> {
    const credential = await this.parts.credentials.authorization(signal);
    try {
      const response = await request(`${this.parts.baseUrl}/todos?${query.toString()}`, {
        dispatcher: this.#agent,
        headers: { ...Object.fromEntries(credential), accept: 'application/json' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
      });
      const text = await response.body.text();
      const after = response.headers['retry-after'];
      return {
        status: response.statusCode,
        retryAfter: typeof after === 'string' ? after : undefined,
        body: parseJson(text),
      };
    } catch (error) {
      signal.throwIfAborted();
      return { error };
    }
  }

  #refusalOf(status: number): ExitError {
    const devCenter = devCenterAt(this.parts.devCenterUrl);
    if (status === 401) {
      return new CredentialFailure(
        'refused',
        'The Todo API refused a newly obtained credential. Check that TODO_API_URL and FUSIONAUTH_URL belong together ' +
          `and that the client is not locked; ${devCenter} shows the state of its credentials.`,
      );
    }
    if (status === 403) {
      return new CredentialFailure(
        'refused',
        `The Todo API says this client may not read everyone's todos. Give it the role todo-auditor in ${devCenter}.`,
      );
    }
    return unavailable(`answered ${status}`);
  }
}

function parsePage(body: unknown): Page {
  const page = pageSchema.safeParse(body);
  if (page.success) return page.data;
  const where = page.error.issues[0]?.path.join('.') ?? '';
  throw unavailable(`answered with something other than a page of todos${where === '' ? '' : ` (${where})`}`);
}

const unavailable = (what: string, cause?: unknown) =>
  new ExitError(
    `The Todo API ${what}. Check TODO_API_URL; nothing is lost, the next run reads the same range.`,
    exitCodes.unavailable,
    { cause },
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const { name = 'unknown error', code } = error as { name?: string; code?: string | number };
  if (name === 'TimeoutError') return `within ${answerTimeoutMs / 1000} s`;
  return typeof code === 'string' ? code : name;
}
