import { column, type Source } from './check.js';
import { judged } from './forward-auth.js';

const guide = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';
const jwtPage = { page: `${guide}/http-api-jwt-authorizer.html` };
const cognitoPage = { page: `${guide}/apigateway-enable-cognito-user-pool.html` };
const poolPage = {
  page: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-accessing-resources-api-gateway-and-lambda.html',
};
const iamPage = { page: `${guide}/http-api-access-control-iam.html` };

const lambda = (test: string, title: string): Source => ({ test, title });
const door = 'libs/auth/src/doors/lambda/lambda-door.spec.ts';

export const amazonLambda = column('amazon-api-gateway', 'Amazon, Lambda', {
  ...judged({ test: 'test/hostile/hostile.spec.ts', title: 'refuses %s' }, 'the authorizer'),
  roles: [
    'by-setting',
    '`ROLE_RULES`, with a policy for each method and path and the cache off',
    lambda(door, 'an answer holds for the method and path that was asked about, and for no other'),
  ],
  revocation: [
    'by-setting',
    'as long as API Gateway keeps an answer; none with `ReauthorizeEvery: 0`',
    lambda(door, 'answers by a policy for the whole stage, which may be cached by the credential'),
  ],
  refusal: [
    'does',
    'no challenge; 401 or 403 by the kind of API',
    lambda(
      'test/services/lambda-authorizer.spec.ts',
      'refuses with 403 by an HTTP API and a REQUEST authorizer, with 401 by a TOKEN authorizer',
    ),
  ],
  issuerDown: [
    'does',
    '500, which is not kept; a REST API can say 503',
    lambda(
      'test/e2e/lambda-authorizer/configuration.spec.ts',
      'does not take down what it could not find out: 500 while the key set cannot be read, then good again',
    ),
  ],
});

export const amazonJwt = column('amazon-api-gateway', 'Amazon, JWT', {
  signature: ['does', 'by the issuer’s key set; `kid` is required', jwtPage],
  algorithm: ['does', 'RSA alone: FusionAuth must sign with RS256', jwtPage],
  expiry: ['does', '', jwtPage],
  notBefore: ['does', 'and `iat`', jwtPage],
  issuer: ['by-setting', '`issuer`, whose discovery document must be reachable over the Internet', jwtPage],
  audience: ['by-setting', '`audience`; `client_id` counts where there is no `aud`', jwtPage],
  audienceList: ['by-setting', 'one of the entries of `audience` must be there', jwtPage],
  kind: ['left-to-api', 'the page says that it cannot tell an ID token, and advises scopes', jwtPage],
  location: ['by-setting', '`identitySource`', jwtPage],
  roles: [
    'left-to-api',
    '`authorizationScopes` look at `scope` and `scp`, not at FusionAuth’s `roles`',
    jwtPage,
  ],
  revocation: ['left-to-api', 'until `exp`; a key that is taken away counts up to two hours more', jwtPage],
  refusal: ['does', 'the page says that the request is denied, and not how', jwtPage],
  issuerDown: ['does', 'goes on with its copy of the key set for up to two hours', jwtPage],
});

/** Only tokens of a Cognito user pool are accepted; FusionAuth’s tokens are refused. */
const pool = ['does', 'of tokens of the user pool; FusionAuth’s are refused', cognitoPage] as const;

export const amazonCognito = column('amazon-api-gateway', 'Amazon, Cognito', {
  signature: pool,
  algorithm: pool,
  expiry: pool,
  notBefore: ['left-to-api', 'the page does not name it', cognitoPage],
  issuer: pool,
  audience: ['left-to-api', 'the page does not name it', cognitoPage],
  audienceList: ['left-to-api', 'the page does not name it', cognitoPage],
  kind: ['by-setting', 'with scopes of the method it takes access tokens, without them ID tokens', poolPage],
  location: ['by-setting', 'the header of the token source', cognitoPage],
  roles: ['by-setting', 'scopes of the user pool; its groups are left to the API', poolPage],
  revocation: ['left-to-api', 'the page does not name it', cognitoPage],
  refusal: ['does', 'the page says that the request is denied, and not how', cognitoPage],
  issuerDown: ['left-to-api', 'the page does not name it', cognitoPage],
});

const none = ['left-to-api', 'there is no token: a request is signed with AWS credentials', iamPage] as const;

export const amazonIam = column('amazon-api-gateway', 'Amazon, IAM', {
  signature: ['does', 'of the request (SigV4), by AWS credentials', iamPage],
  algorithm: ['does', 'SigV4', iamPage],
  expiry: none,
  notBefore: none,
  issuer: none,
  audience: none,
  audienceList: none,
  kind: none,
  location: none,
  roles: ['by-setting', 'permission `execute-api` for the route', iamPage],
  revocation: ['left-to-api', 'the business of IAM; FusionAuth takes no part', iamPage],
  refusal: ['does', 'the page says that the route is not invoked, and not how', iamPage],
  issuerDown: none,
});
