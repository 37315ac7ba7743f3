import type { Principal } from '../../core/principal.js';
import { identityOf } from '../forward/identity-headers.js';

/**
 * The context about the caller that the upstream API receives. All values are text, because REST APIs pass on nothing
 * else.
 */
export interface AuthorizerContext {
  readonly subject: string;
  readonly via: string;
  readonly roles: string;
  readonly client: string;
}

/** The answer of an HTTP API's authorizer with `EnableSimpleResponses`. */
export interface SimpleAnswer {
  readonly isAuthorized: boolean;
  readonly context?: AuthorizerContext;
}

/**
 * An IAM policy: the answer of every authorizer of a REST API, and of an HTTP API unless simple answers are enabled.
 */
export interface PolicyAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly {
      readonly Action: 'execute-api:Invoke';
      readonly Effect: 'Allow' | 'Deny';
      readonly Resource: string;
    }[];
  };
  readonly context?: AuthorizerContext;
}

/**
 * Returns the context of an acceptance, with the values of the identity headers of forward-auth; undefined if the
 * subject cannot be written into a header.
 */
export function contextOf(principal: Principal): AuthorizerContext | undefined {
  const identity = identityOf(principal);
  return (
    identity && {
      subject: identity['X-Auth-Subject'],
      via: identity['X-Auth-Via'],
      roles: identity['X-Auth-Roles'],
      client: identity['X-Auth-Client'],
    }
  );
}

export const allow = (resource: string, context: AuthorizerContext): PolicyAnswer => ({
  ...policy('Allow', resource, context.subject),
  context,
});

export const deny = (resource: string): PolicyAnswer => policy('Deny', resource, 'nobody');

const policy = (Effect: 'Allow' | 'Deny', Resource: string, principalId: string): PolicyAnswer => ({
  principalId,
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }],
  },
});
