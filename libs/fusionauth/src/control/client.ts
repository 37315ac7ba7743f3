import { randomBytes } from 'node:crypto';
import { FusionAuthClient } from '@fusionauth/typescript-client';
import type { z } from 'zod';
import type { Secret } from '#gatehouse/platform';
import { FusionAuthDeclined, FusionAuthRefusedUs, FusionAuthUnavailable } from '../unavailable.js';
import { exchanged, type WireAnswer } from './exchange.js';

export interface ControlSettings {
  readonly url: string;
  readonly tenantId: string;
  readonly applicationId: string;
  /** A key that may do what is asked of this side: make API keys, users and entities. */
  readonly key: Secret;
  /** The variable that holds the key, named in messages. */
  readonly keyName: string;
  /** The longest a call may take; the official client itself would wait for ever. */
  readonly timeoutMs?: number;
}

/** One call of the official client. */
export type Call = (client: FusionAuthClient) => Promise<unknown>;

/** Asks again whether FusionAuth has nothing left of what was to be changed or removed. */
export type IsGone = () => Promise<boolean>;

/**
 * The official client, believed only where FusionAuth itself answers. `endpoint` names what the key must be permitted,
 * in FusionAuth's own words; `shape` is what the answer must contain. Throws {@link FusionAuthRefusedUs} on 401,
 * {@link FusionAuthDeclined} on 400, and {@link FusionAuthUnavailable} for everything that a gateway may have said:
 * bodies in unknown shapes, pages, redirects, other statuses.
 */
export interface ControlClient {
  readonly answered: <S extends z.ZodType>(endpoint: string, call: Call, shape: S) => Promise<z.output<S>>;
  /** For the calls that FusionAuth answers with an empty body. */
  readonly accepted: (endpoint: string, call: Call) => Promise<void>;
  /** Undefined when FusionAuth has no such thing, which takes more than one 404 to believe. */
  readonly found: <S extends z.ZodType>(
    endpoint: string,
    call: Call,
    shape: S,
  ) => Promise<z.output<S> | undefined>;
  /** Changes what need not exist any more. */
  readonly changed: (endpoint: string, call: Call, shape: z.ZodType, isGone: IsGone) => Promise<void>;
  /** Removes what may be gone already. Resolves only when FusionAuth, asked again, no longer has it. */
  readonly removed: (endpoint: string, call: Call, isGone: IsGone) => Promise<void>;
}

export function controlClient(settings: ControlSettings): ControlClient {
  const ask = asking(settings, settings.key.reveal());
  const confirmAbsence = confirming(ask, asking(settings, randomBytes(32).toString('base64url')));

  const answered: ControlClient['answered'] = async (endpoint, call, shape) => {
    const answer = await ask(endpoint, call);
    if (answer.statusCode === 404) throw unavailable(endpoint, answer);
    return read(endpoint, answer, shape);
  };

  return {
    answered,
    async accepted(endpoint, call) {
      const answer = await ask(endpoint, call);
      if (answer.statusCode !== 200 || !answer.empty) throw unavailable(endpoint, answer);
    },
    async found(endpoint, call, shape) {
      const answer = await ask(endpoint, call);
      if (answer.statusCode !== 404) return read(endpoint, answer, shape);
      await confirmAbsence(endpoint, call);
      return undefined;
    },
    async changed(endpoint, call, shape, isGone) {
      const answer = await ask(endpoint, call);
      if (answer.statusCode !== 404) read(endpoint, answer, shape);
      else if (!(await isGone())) throw unavailable(endpoint, answer, 'for something that is there');
    },
    async removed(endpoint, call, isGone) {
      const answer = await ask(endpoint, call);
      if (!answer.empty) throw unavailable(endpoint, answer);
      if (!(await isGone())) throw unavailable(endpoint, answer, 'for something that is there still');
    },
  };
}

/**
 * Throws unless the 404 for our key was FusionAuth's own. A gateway without a backend may answer an empty 404 too, but
 * to everybody; FusionAuth looks at the key first and answers 401 to one that it does not know.
 */
const confirming =
  (ask: Ask, askAsStranger: Ask) =>
  async (endpoint: string, call: Call): Promise<void> => {
    const strangers = await askAsStranger(endpoint, call).catch((error: unknown) => {
      if (error instanceof FusionAuthRefusedUs) return undefined;
      throw error;
    });
    if (strangers) throw unavailable(endpoint, strangers, 'from something that looks at no key');
    // Asked once more, in case the 404 came while FusionAuth was away for a moment.
    const again = await ask(endpoint, call);
    if (again.statusCode !== 404) throw unavailable(endpoint, again, 'a moment after a 404');
  };

type Ask = (endpoint: string, call: Call) => Promise<WireAnswer>;

/** Resolves with a 200, or a 404 with an empty body; throws for every other answer and for none. */
function asking(settings: ControlSettings, key: string): Ask {
  const { url, tenantId, keyName, timeoutMs = 5_000 } = settings;
  // Every call names the tenant: with several of them FusionAuth answers 400 [TenantIdRequired] to some that do not.
  const client = new FusionAuthClient(key, url, tenantId);
  const { clientBuilder } = client;
  client.clientBuilder = { build: (host) => exchanged(clientBuilder.build(host), timeoutMs) };

  return async (endpoint, call) => {
    const started = performance.now();
    const answer = (await call(client).catch((cause: unknown) => {
      throw new FusionAuthUnavailable(endpoint, { durationMs: performance.now() - started, cause });
    })) as WireAnswer;
    const { statusCode: status, response, empty } = answer;
    const byFusionAuth = empty || response !== undefined;
    if (status === 200 || (status === 404 && empty)) return answer;
    if (status === 401 && empty) throw new FusionAuthRefusedUs(endpoint, keyName);
    if (status === 400 && byFusionAuth) throw new FusionAuthDeclined(endpoint, codesOf(response));
    throw unavailable(
      endpoint,
      answer,
      byFusionAuth ? undefined : 'with a body that FusionAuth does not send',
    );
  };
}

function read<S extends z.ZodType>(endpoint: string, answer: WireAnswer, shape: S): z.output<S> {
  const parsed = shape.safeParse(answer.response);
  if (parsed.success) return parsed.data;
  throw unavailable(endpoint, answer, 'with a body that FusionAuth does not send');
}

function unavailable(
  endpoint: string,
  { statusCode: status }: WireAnswer,
  why?: string,
): FusionAuthUnavailable {
  const cause = why && Object.assign(new Error('not by FusionAuth'), { name: why });
  return new FusionAuthUnavailable(endpoint, { status, durationMs: 0, cause });
}

interface Coded {
  readonly code?: unknown;
}

/** The codes of FusionAuth's Errors object; its messages may quote what was sent. */
function codesOf(body: unknown): string[] {
  const {
    fieldErrors = {},
    generalErrors = [],
    error_reason: reason,
  } = (body ?? {}) as {
    fieldErrors?: Record<string, readonly Coded[]>;
    generalErrors?: readonly Coded[];
    error_reason?: unknown;
  };
  const codes = [...Object.values(fieldErrors).flat(), ...generalErrors].map(({ code }) => code);
  return [...codes, reason].filter((code) => typeof code === 'string');
}
