/** A request to the Todo API and its response, without the credential. */
export interface Tried {
  readonly method: string;
  readonly url: string;
  /** As it was sent, with the credential truncated. */
  readonly header: string;
  readonly status: number | undefined;
  readonly milliseconds: number;
  readonly body: string;
}

/** How much of a response a page shows. */
const maximumBodyCharacters = 2_000;

/** Requests todos with a credential, within 5 s. Never throws: an unavailable API is a result too. */
export async function tryAtTodoApi(
  todoApiUrl: string,
  [name, value]: readonly [string, string],
  withinMs = 5_000,
): Promise<Tried> {
  const url = `${todoApiUrl}/todos?limit=3`;
  const begun = performance.now();
  const [status, body] = await fetch(url, {
    headers: { [name]: value },
    // Elsewhere a key in a header of its own would be sent along.
    redirect: 'manual',
    signal: AbortSignal.timeout(withinMs),
  })
    .then(async (answer) => [answer.status, await answer.text()] as const)
    .catch(() => [undefined, 'No answer: the Todo API is unavailable, or TODO_API_URL is wrong.'] as const);
  const milliseconds = Math.round(performance.now() - begun);
  return {
    method: 'GET',
    url,
    header: `${name}: ${shortened(value)}`,
    status,
    milliseconds,
    body: readable(body),
  };
}

/** Truncates it, but leaves enough to recognise it. */
const shortened = (value: string): string => `${value.slice(0, 12)}… (${value.length} characters)`;

function readable(body: string): string {
  const text = indented(body);
  return text.length > maximumBodyCharacters ? `${text.slice(0, maximumBodyCharacters)}\n…` : text;
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
