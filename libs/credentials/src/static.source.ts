import type { CredentialSource } from './source.js';

type Presented = Readonly<Record<string, string>>;

export interface StaticParts {
  readonly name: string;
  readonly headers: Presented;
  /** The headers with the secret as its file holds it now; undefined when there is no such file. */
  readonly reread: () => Promise<Presented | undefined>;
}

/**
 * A credential that does not change by itself: whoever issued it hands out the next one. After a refusal the file it
 * came from is read again, so that a rotation there needs no restart.
 */
export function staticSource({ name, headers, reread }: StaticParts): CredentialSource {
  let present = headers;
  let refused = false;
  return {
    name,
    check: () => Promise.resolve(),
    async authorization(signal) {
      signal.throwIfAborted();
      if (refused) present = (await reread()) ?? present;
      refused = false;
      return new Headers(present);
    },
    // A second refusal of the same credential ends the run: there is no other to fall back on.
    invalidate: () => (refused = true),
    close: () => Promise.resolve(),
  };
}
