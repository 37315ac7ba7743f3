import type { IRESTClient } from '@fusionauth/typescript-client';

/** The HTTP response, of any status. */
export interface WireAnswer {
  readonly statusCode: number;
  /** The body if it is a JSON object. */
  readonly response: object | undefined;
  /** Whether the body is empty. */
  readonly empty: boolean;
}

/** The members that the official client has set by the time it sends a request. */
interface Prepared {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: RequestInit['body'];
  getFullUrl(): string;
}

/**
 * Replaces how a request of the official client is sent. The client follows redirects, waits forever, and reports an
 * empty answer and an HTML page alike. Resolves with a {@link WireAnswer} for every status; rejects with the network
 * error if there is no complete answer in time.
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
