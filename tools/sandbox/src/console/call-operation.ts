import { type Answer, type Refusal } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import { operations } from '../operations/index.js';
import type { ApiKeyRecord } from '../state/state.js';

/** May do everything, as FusionAuth's administrators may. No request can present it: it is not in the state. */
const administrator: ApiKeyRecord = { id: 'the-page', key: '', keyManager: true, effectiveAt: 0 };

interface Call {
  readonly params?: ApiRequest['params'];
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: object;
}

/**
 * Performs an operation of the API, `DELETE /api/user` for example, as a request with an API key would, but
 * without the request log and without faults. Throws what the operation throws.
 */
export async function callOperation(
  instance: Instance,
  name: string,
  { params = {}, query = {}, json }: Call,
): Promise<Answer> {
  const operation = operations.find((candidate) => candidate.name === name);
  if (!operation) throw new Error(`there is no operation ${name}`);
  const request: ApiRequest = {
    params,
    query: new URLSearchParams(query),
    form: new URLSearchParams(),
    json,
    mediaType: 'application/merge-patch+json',
    headers: {},
    baseUrl: '',
    apiKey: administrator,
  };
  return operation.handle(request, instance);
}

/** Returns the reason why an operation refused, for people. */
export function refusalText({ answer: { status, body } }: Refusal): string {
  if (typeof body !== 'object') return `FusionAuth's answer would be ${status}.`;
  const { fieldErrors = {}, generalErrors = [] } = body as {
    fieldErrors?: Record<string, { message: string }[]>;
    generalErrors?: { message: string }[];
  };
  const said = [...Object.values(fieldErrors).flat(), ...generalErrors].map(({ message }) => message);
  return `FusionAuth's answer would be ${status}. ${said.join(' ')}`;
}
