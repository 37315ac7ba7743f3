import { problemMediaType } from '#gatehouse/platform';

const header = (description: string) => ({ required: true, description, schema: { type: 'string' } });

const requestId = { 'X-Request-Id': header('Identifies the request in the log of the API') };
const challenge = { 'WWW-Authenticate': header('What to send: a challenge for each enabled strategy') };
const retryAfter = { 'Retry-After': header('Seconds to wait before the next attempt') };

const refusal = (description: string, headers = {}) => ({
  description,
  headers: { ...requestId, ...headers },
  content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** Every error response, by its name in the description: `Refused` and the status. */
export const refusals = {
  Refused400: refusal('The request is malformed, or has invalid fields'),
  Refused401: refusal('No credential, or one that is not accepted', challenge),
  Refused403: refusal(
    'The credential is valid but does not permit this, or the signature of an event is not valid',
    {
      'WWW-Authenticate': { ...challenge['WWW-Authenticate'], required: false },
    },
  ),
  Refused404: refusal('There is no such todo, or it is not yours'),
  Refused409: refusal('The first request with this Idempotency-Key is still in progress', retryAfter),
  Refused412: refusal('The todo has changed since it was read'),
  Refused413: refusal('The body is too large'),
  Refused414: refusal('A part of the path is too long'),
  Refused415: refusal('The body is not application/json, or an event has a Content-Encoding'),
  Refused422: refusal('The Idempotency-Key was used for another request'),
  Refused429: refusal('Too many attempts', retryAfter),
  Refused503: refusal('Cannot be served just now; the request is not at fault', retryAfter),
};

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly security?: unknown;
  readonly responses: Record<string, object>;
}

export const operationsOf = (path: object) => Object.entries(path) as [method: string, Operation][];

/** Adds the headers that every response of the operation has, and each of its error responses. */
export function completeAnswers([method, operation]: [method: string, Operation]): void {
  const { responses } = operation;
  for (const status of Object.keys(responses)) {
    const { headers = {} } = responses[status] as { headers?: object };
    responses[status] = { ...responses[status], headers: { ...requestId, ...headers } };
  }
  const refused = [
    ...refusedWith(method, operation),
    ...Object.keys(responses).filter((one) => one >= '400'),
  ];
  for (const status of refused) responses[status] = { $ref: `#/components/responses/Refused${status}` };
}

function refusedWith(method: string, { parameters = [], security }: Operation): string[] {
  const takes = (place: string, name?: string) =>
    parameters.some((one) => one.in === place && (name === undefined || one.name === name));
  return [
    '400',
    ...(security === undefined ? ['401', '403', '429', '503'] : []),
    ...(takes('path') ? ['404', '414'] : []),
    ...(takes('header', 'If-Match') ? ['412'] : []),
    ...(takes('header', 'Idempotency-Key') ? ['409', '422'] : []),
    ...(method === 'get' ? [] : ['413', '415']),
  ];
}
