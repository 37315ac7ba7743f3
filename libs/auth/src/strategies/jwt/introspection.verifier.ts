import type { FusionAuthData } from '#gatehouse/fusionauth';
import { rejected } from '../../core/failure.js';
import type { RemoteVerify } from './hints.js';

/**
 * The local rule, then FusionAuth's word that the token is active. FusionAuth does not document that introspection
 * notices a log-out or a locked user; where that matters use the session mode.
 */
export function introspectionVerifier(
  local: RemoteVerify,
  introspect: FusionAuthData['introspect'],
): RemoteVerify {
  return async (token, signal, screened) => {
    const verdict = screened ?? (await local(token, signal));
    if (!verdict.ok) return verdict;
    return (await introspect(token, verdict.principal.kind, signal)) ? verdict : rejected('inactive');
  };
}
