import type { Secret } from '#gatehouse/platform';
import type { CredentialSource, SourceParts } from './source.js';

/**
 * A credential that does not change by itself; its issuer provides the next one. After a refusal the secret `name` is
 * read from its file again, so that a rotation there needs no restart. `present` returns the headers of a request.
 */
export function staticSource(
  name: string,
  configured: Secret,
  present: (secret: Secret) => Readonly<Record<string, string>>,
  reread: SourceParts['reread'],
): CredentialSource {
  let secret = configured;
  let isRefused = false;
  return {
    check: () => Promise.resolve(),
    async authorization(signal) {
      signal.throwIfAborted();
      if (isRefused) secret = (await reread?.(name)) ?? secret;
      isRefused = false;
      return new Headers(present(secret));
    },
    // A second refusal of the same credential is final: there is no other to fall back on.
    invalidate: () => (isRefused = true),
    close: () => Promise.resolve(),
  };
}
