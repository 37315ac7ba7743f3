import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { CredentialFailure, type CredentialSource } from '#gatehouse/credentials';
import { exitCodes, ExitError, type Clock, type Logger } from '#gatehouse/platform';
import { maxPage, todoPageSchema, type Todo, type TodoPage } from '#gatehouse/todo-contract';
import type { DueWindow } from './due-window.js';
import { retryAfter } from './retry-after.js';

const answerWithin = 10_000;
/** A page of 1,000 todos with the longest notes in the widest characters stays below this. */
const largestAnswer = 32 * 1024 * 1024;
/** How often a busy API is asked again, and the longest wait it may ask for, before the run gives up. */
const patience = { attempts: 4, waitMs: 30_000 };

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: unknown;
}

export interface TodoClientParts {
  readonly baseUrl: string;
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Reads everyone's open todos over HTTP, as any third party would. */
export class TodoClient {
  readonly #agent = new Agent({ maxResponseSize: largestAnswer });

  constructor(private readonly parts: TodoClientParts) {}

  /**
   * The open todos due in `window`, page by page. Throws an ExitError: 3 when the API refuses the credential (a 403,
   * or a 401 again after the one refresh that a reading is granted), 4 when it gives no usable answer.
   */
  async *due(window: DueWindow, signal: AbortSignal): AsyncGenerator<readonly Todo[]> {
    const query = new URLSearchParams({
      dueAfter: new Date(window.from).toISOString(),
      dueBefore: new Date(window.until).toISOString(),
      status: 'open',
      limit: String(maxPage),
    });
    const reading = { refreshed: false };
    for (let cursor: string | null | undefined; cursor !== null;) {
      if (cursor !== undefined) query.set('cursor', cursor);
      const page: TodoPage = await this.#page(query, reading, signal);
      if (page.nextCursor !== null && page.nextCursor === cursor)
        throw unavailable('answered the same page twice');
      yield page.items;
      cursor = page.nextCursor;
    }
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #page(
    query: URLSearchParams,
    reading: { refreshed: boolean },
    signal: AbortSignal,
  ): Promise<TodoPage> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#get(query, signal);
      if (answer.status === 200) return parsePage(answer.body);
      if (answer.status === 401 && !reading.refreshed) {
        reading.refreshed = true;
        await this.#refresh(signal);
      } else if (answer.status === 429 || answer.status === 503) {
        await this.#standBack(answer, attempt, signal);
      } else {
        throw refusalOf(answer);
      }
    }
  }

  /**
   * A revocation is compared with the token's `iat`, which counts whole seconds: a token issued within the same
   * second would be refused with the old one. After a full second the next one is out of doubt by any clock.
   */
  async #refresh(signal: AbortSignal): Promise<void> {
    this.parts.log.info('the Todo API refused the credential; refreshing it once');
    this.parts.credentials.invalidate();
    await delay(1_000, undefined, { signal });
  }

  async #standBack({ status, ...answer }: Answer, attempt: number, signal: AbortSignal): Promise<void> {
    const wait = retryAfter(answer.retryAfter, this.parts.clock()) ?? 1_000 * 2 ** (attempt - 1);
    if (attempt >= patience.attempts || wait > patience.waitMs)
      throw unavailable(`answered ${status} and asks to wait ${Math.ceil(wait / 1000)} s`);
    this.parts.log.info({ status, waitMs: wait }, 'the Todo API is busy; waiting as it asks');
    await delay(wait, undefined, { signal });
  }

  async #get(query: URLSearchParams, signal: AbortSignal): Promise<Answer> {
    const credential = await this.parts.credentials.authorization(signal);
    try {
      const response = await request(`${this.parts.baseUrl}/todos?${query.toString()}`, {
        dispatcher: this.#agent,
        headers: { ...Object.fromEntries(credential), accept: 'application/json' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithin)]),
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
      throw unavailable(`gave no answer (${reasonOf(error)})`, error);
    }
  }
}

function parsePage(body: unknown): TodoPage {
  const page = todoPageSchema.safeParse(body);
  if (page.success) return page.data;
  const where = page.error.issues[0]?.path.join('.') ?? '';
  throw unavailable(`answered something that is not a page of todos${where === '' ? '' : ` (${where})`}`);
}

function refusalOf({ status }: Answer): ExitError {
  if (status === 401) {
    return new CredentialFailure(
      'refused',
      'The Todo API refused a freshly obtained credential. Check that TODO_API_URL and FUSIONAUTH_URL belong together ' +
        'and that the client is not locked; the Dev Center shows the state of its credentials.',
    );
  }
  if (status === 403) {
    return new CredentialFailure(
      'refused',
      "The Todo API says this client may not read everyone's todos. Give it the role todo-auditor in FusionAuth.",
    );
  }
  return unavailable(`answered ${status}`);
}

const unavailable = (what: string, cause?: unknown) =>
  new ExitError(
    `The Todo API ${what}. Check TODO_API_URL; nothing is lost, the next run reads the same span.`,
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
  if (name === 'TimeoutError') return `within ${answerWithin / 1000} s`;
  return typeof code === 'string' ? code : name;
}
