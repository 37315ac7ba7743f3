import { exitCodes, ExitError } from '#gatehouse/platform';

/**
 * No credential could be obtained. `refused`: the authorization server refused, and an operator must act (exit 3).
 * `unavailable`: it gave no usable answer, so the stored credential may still be valid and a later attempt can
 * succeed (exit 4). The message is for the operator and never quotes a token or the body of an answer.
 */
export class CredentialFailure extends ExitError {
  constructor(
    readonly kind: 'refused' | 'unavailable',
    message: string,
  ) {
    super(message, kind === 'refused' ? exitCodes.credentialRefused : exitCodes.unavailable);
  }
}

/** Returns the place where a user obtains a credential, for messages. */
export const devCenterAt = (url: string | undefined): string =>
  url === undefined ? 'the Dev Center' : `the Dev Center at ${url}`;
