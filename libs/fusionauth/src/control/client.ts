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
  /** A key that may create API keys, users and entities. */
  readonly key: Secret;
  /** The variable that contains the key, named in messages. */
  readonly keyName: string;
  /** The longest a call may take, in milliseconds; the official client would wait forever. */
  readonly timeoutMs?: number;
}

/** A call of the official client. */
export type Call = (client: FusionAuthClient) => Promise<unknown>;

/** Checks again whether the object to be changed or removed no longer exists in FusionAuth. */
export type IsGone = () => Promise<boolean>;

/**
 * The official client, trusted only if FusionAuth itself answers. `endpoint` names the permission that the key needs,
 * as FusionAuth writes it; `shape` is the expected answer. Throws {@link FusionAuthRefusedUs} on 401, {@link
 * FusionAuthDeclined} on 400, and {@link FusionAuthUnavailable} for anything that may come from a gateway: bodies in
 * unknown shapes, pages, redirects, other statuses.
 */
export interface ControlClient {
  readonly answered: <S extends z.ZodType>(endpoint: string, call: Call, shape: S) => Promise<z.output<S>>;
  /** For calls that FusionAuth answers with an empty body. */
  readonly accepted: (endpoint: string, call: Call) => Promise<void>;
  /** Resolves with undefined if the object does not exist, which takes more than one 404 to establish. */
  readonly found: <S extends z.ZodType>(
    endpoint: string,
    call: Call,
    shape: S,
  ) => Promise<z.output<S> | undefined>;
  /** Changes an object that may no longer exist. */
  readonly changed: (endpoint: string, call: Call, shape: z.ZodType, isGone: IsGone) => Promise<void>;
  /** Removes an object that may be gone already. Resolves only after FusionAuth, asked again, no longer has it. */
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
      else if (!(await isGone())) throw unavailable(endpoint, answer, 'for an object that exists');
    },
    async removed(endpoint, call, isGone) {
      const answer = await ask(endpoint, call);
      if (!answer.empty) throw unavailable(endpoint, answer);
      if (!(await isGone())) throw unavailable(endpoint, answer, 'for an object that still exists');
    },
  };
}

/**
 * Throws unless FusionAuth itself sent the 404. A gateway without a backend may answer an empty 404 too, to any
 * key; FusionAuth checks the key first and answers 401 to an unknown one.
 */
const confirming =
  (ask: Ask, askAsStranger: Ask) =>
  async (endpoint: string, call: Call): Promise<void> => {
    const strangers = await askAsStranger(endpoint, call).catch((error: unknown) => {
      if (error instanceof FusionAuthRefusedUs) return undefined;
      throw error;
    });
    if (strangers) throw unavailable(endpoint, strangers, 'from a server that does not check keys');
    // Called once more, in case the 404 came while FusionAuth was briefly unavailable.
    const again = await ask(endpoint, call);
    if (again.statusCode !== 404) throw unavailable(endpoint, again, 'a moment after a 404');
  };

type Ask = (endpoint: string, call: Call) => Promise<WireAnswer>;

/** Resolves with a 200, or a 404 with an empty body; throws for every other answer, and if there is none. */
function asking(settings: ControlSettings, key: string): Ask {
  const { url, tenantId, keyName, timeoutMs = 5_000 } = settings;
  // Every call names the tenant: if there are several, FusionAuth answers 400 [TenantIdRequired] to some calls that
  // do not.
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

/** Returns the codes of FusionAuth's Errors object; its messages may quote what was sent. */
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
