import type { IRESTClient } from '@fusionauth/typescript-client';

/** The HTTP response, of any status. */
export interface WireAnswer {
  readonly statusCode: number;
  /** The body where it is a JSON object. */
  readonly response: object | undefined;
  /** Nothing at all came in the body. */
  readonly empty: boolean;
}

/** The members that the official client has filled in by the time it sends a request. */
interface Prepared {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: RequestInit['body'];
  getFullUrl(): string;
}

/**
 * Makes a request of the official client send itself our way. Its own way follows redirects, waits for ever, and
 * reports an empty answer and a page of HTML alike. Resolves with a {@link WireAnswer} for every status, and rejects
 * with what the network did where there is no whole answer in time.
 */
export function exchanged<R, E>(request: IRESTClient<R, E>, timeoutMs: number): IRESTClient<R, E> {
  const prepared = request as unknown as Prepared;
  const go = async (): Promise<WireAnswer> => {
    const { method, headers, body } = prepared;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const init = { method, headers, redirect: 'manual', signal } as const;
      const answer = await fetch(prepared.getFullUrl(), body ? { ...init, body } : init);
      const text = await answer.text();
      return { statusCode: answer.status, response: jsonObject(text), empty: text === '' };
    } catch (error) {
      // `fetch failed` says nothing; its cause has the code.
      throw (error as Error).cause ?? error;
    }
  };
  return Object.assign(request, { go: go as unknown as typeof request.go });
}

function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
