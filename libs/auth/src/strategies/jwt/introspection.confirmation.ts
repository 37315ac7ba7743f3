import type { FusionAuthData } from '#gatehouse/fusionauth';
import type { Acceptance, Verdict } from '../../core/strategy.js';
import { rejected } from './reasons.js';

/** Has FusionAuth confirm a token that was judged good offline. */
export type Confirm = (token: string, signal: AbortSignal, judged: Acceptance) => Promise<Verdict>;

/**
 * Asks FusionAuth whether the token is active. FusionAuth does not document that introspection notices a log-out or a
 * locked user; where that matters use the session mode.
 */
export const byIntrospection =
  (introspect: FusionAuthData['introspect']): Confirm =>
  async (token, signal, judged) =>
    (await introspect(token, judged.principal.kind, signal)) ? judged : rejected('inactive');
