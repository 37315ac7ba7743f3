export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; undefined if there is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies of every shape
  readonly body: any;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged. */
  readonly raw?: string;
}

export type Client = (method: string, path: string, sent?: Sent) => Promise<Answer>;

/** Calls the API at `url`, with an access token or without. */
export function apiClient(url: string, token?: string): Client {
  return async (method, path, { headers = {}, json, raw } = {}) => {
    const body = json === undefined ? raw : JSON.stringify(json);
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : parse(text),
    };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Expects the form that every error response must have (RFC 9457). */
export function expectProblem(
  { status, headers, body }: Answer,
  expected: { status: number; code: string },
): void {
  expect({ status, code: body?.code }).toEqual(expected);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: `/docs/errors/${expected.code}`,
    title: expect.any(String),
    status: expected.status,
    detail: expect.stringMatching(/\.$/),
    requestId: headers.get('x-request-id'),
  });
}
