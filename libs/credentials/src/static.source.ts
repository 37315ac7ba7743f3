import type { CredentialSource } from './source.js';

/** A credential that does not change by itself: whoever issued it hands out the next one. */
export function staticSource(name: string, headers: Readonly<Record<string, string>>): CredentialSource {
  return {
    name,
    authorization: (signal) => {
      signal.throwIfAborted();
      return Promise.resolve(new Headers(headers));
    },
    // There is no other to fall back on: a second refusal of the same credential ends the run.
    invalidate: () => undefined,
  };
}
