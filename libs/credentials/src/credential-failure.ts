import { exitCodes, ExitError } from '#gatehouse/platform';

/**
 * No credential could be had. `refused`: the authorization server said no, and somebody must act (exit 3).
 * `unavailable`: it said nothing usable, so what we hold may well be good and a later attempt can succeed (exit 4).
 * The message is for the operator and never quotes a token or an answer's body.
 */
export class CredentialFailure extends ExitError {
  constructor(
    readonly kind: 'refused' | 'unavailable',
    message: string,
  ) {
    super(message, kind === 'refused' ? exitCodes.credentialRefused : exitCodes.unavailable);
  }
}

/** Where a person obtains a credential, as a message names it. */
export const devCenterAt = (url: string | undefined): string =>
  url === undefined ? 'the Dev Center' : `the Dev Center at ${url}`;
