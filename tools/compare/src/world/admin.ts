import { exitCodes, ExitError } from '#gatehouse/platform';

export interface Answered {
  readonly status: number;
  /** The parsed body; undefined where there is none. */
  readonly body: unknown;
}

export interface Asked {
  readonly tenant?: string | undefined;
  readonly body?: unknown;
  /** Presented instead of the administrator's key; empty: no credential. */
  readonly authorization?: string;
  /** For calls that take a form. */
  readonly form?: Readonly<Record<string, string>>;
}

/**
 * Calls FusionAuth's API by path. The objects that a comparison makes and removes, and its attempts with a client's
 * credential, are not part of the product, so these paths are here and not in libs/fusionauth.
 */
export class Admin {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  /** Returns any answer of FusionAuth. Throws an ExitError 4 if there is none. */
  async ask(
    method: string,
    path: string,
    { tenant, body, form, authorization }: Asked = {},
  ): Promise<Answered> {
    const sent = authorization ?? this.key;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(sent === '' ? {} : { authorization: sent }),
        ...(tenant === undefined ? {} : { 'x-fusionauth-tenantid': tenant }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(15_000),
    }).catch((error: unknown) => {
      throw new ExitError(
        `FusionAuth at ${this.url} does not answer ${method} ${path.split('?')[0] ?? ''} (${reason(error)}): is it running, and is the address right?`,
        exitCodes.unavailable,
      );
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  }

  /** Returns the body of a 2xx. Throws with the codes of FusionAuth's errors for any other answer. */
  async call<T = unknown>(method: string, path: string, asked: Asked = {}): Promise<T> {
    const { status, body } = await this.ask(method, path, asked);
    if (status >= 200 && status < 300) return body as T;
    throw new Refused(`${method} ${path.split('?')[0] ?? ''} was answered ${status}`, codes(body));
  }
}

/** Thrown when FusionAuth answered something other than 2xx; `codes` are those of its errors. */
export class Refused extends Error {
  constructor(
    answer: string,
    readonly codes: readonly string[],
  ) {
    super([answer, codes.join(', ')].filter(Boolean).join(' '));
  }
}

/** Returns the codes of FusionAuth's errors; its messages may quote the request. */
function codes(body: unknown): string[] {
  const {
    fieldErrors = {},
    generalErrors = [],
    error,
    error_reason: why,
  } = (body ?? {}) as {
    fieldErrors?: Record<string, { code?: string }[]>;
    generalErrors?: { code?: string }[];
    error?: string;
    error_reason?: string;
  };
  const all = [...Object.values(fieldErrors).flat(), ...generalErrors].map(({ code }) => code);
  return [...all, error, why].filter((code) => code !== undefined);
}

function reason(error: unknown): string {
  const { cause, name } = error as { cause?: NodeJS.ErrnoException; name: string };
  return cause?.code ?? cause?.message ?? name;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
