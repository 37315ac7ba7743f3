import { type Column, column, type Row, type Source } from './check.js';
import { guardTest, judged } from './forward-auth.js';

const guide = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';
const jwtPage = { page: `${guide}/http-api-jwt-authorizer.html` };
const cognitoPage = { page: `${guide}/apigateway-enable-cognito-user-pool.html` };
const poolPage = {
  page: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-accessing-resources-api-gateway-and-lambda.html',
};
const iamPage = { page: `${guide}/http-api-access-control-iam.html` };

const lambda = (test: string, title: string): Source => ({ test, title });
const door = 'libs/auth/src/doors/lambda/lambda-door.spec.ts';

const lambdaAuthorizer = column('amazon-api-gateway', 'Amazon, Lambda', guardTest, {
  ...judged('the authorizer'),
  roles: [
    'by-setting',
    '`ROLE_RULES`, with a policy for each method and path and the cache off',
    lambda(door, 'answers only for the method and path that was asked about'),
  ],
  revocation: [
    'by-setting',
    'as long as API Gateway caches an answer; none with `ReauthorizeEvery: 0`',
    lambda(door, 'answers with a policy for the whole stage, which may be cached for the credential'),
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
    '500, which is not cached; a REST API can answer 503',
    lambda(
      'test/e2e/lambda-authorizer/configuration.spec.ts',
      'answers 500, which is not cached, while the key set cannot be read, and accepts the token afterwards',
    ),
  ],
});

const jwt = column('amazon-api-gateway', 'Amazon, JWT', jwtPage, {
  signature: ['does', 'by the issuer’s key set; `kid` is required'],
  algorithm: ['does', 'RSA only: FusionAuth must sign with RS256'],
  expiry: ['does', ''],
  notBefore: ['does', 'and `iat`'],
  issuer: ['by-setting', '`issuer`, whose discovery document must be reachable over the Internet'],
  audience: ['by-setting', '`audience`; `client_id` is used if there is no `aud`'],
  audienceList: ['by-setting', 'one of the entries of `audience` must be present'],
  kind: ['left-to-api', 'the page says that it cannot recognise an ID token, and recommends scopes'],
  location: ['by-setting', '`identitySource`'],
  roles: ['left-to-api', '`authorizationScopes` look at `scope` and `scp`, not at FusionAuth’s `roles`'],
  revocation: ['left-to-api', 'until `exp`; a removed key is still accepted for up to two hours'],
  refusal: ['does', 'the page says that the request is denied, but not how'],
  issuerDown: ['does', 'continues with its copy of the key set for up to two hours'],
});

/** Only tokens of a Cognito user pool are accepted; FusionAuth’s tokens are refused. */
const pool: Row = ['does', 'of tokens of the user pool; FusionAuth’s are refused'];
const notNamed: Row = ['left-to-api', 'the page does not name it'];

const cognito = column('amazon-api-gateway', 'Amazon, Cognito', cognitoPage, {
  signature: pool,
  algorithm: pool,
  expiry: pool,
  notBefore: notNamed,
  issuer: pool,
  audience: notNamed,
  audienceList: notNamed,
  kind: ['by-setting', 'with scopes of the method it takes access tokens, without them ID tokens', poolPage],
  location: ['by-setting', 'the header of the token source'],
  roles: ['by-setting', 'scopes of the user pool; its groups are left to the API', poolPage],
  revocation: notNamed,
  refusal: ['does', 'the page says that the request is denied, but not how'],
  issuerDown: notNamed,
});

const none: Row = ['left-to-api', 'there is no token: a request is signed with AWS credentials'];

const iam = column('amazon-api-gateway', 'Amazon, IAM', iamPage, {
  signature: ['does', 'of the request (SigV4), by AWS credentials'],
  algorithm: ['does', 'SigV4'],
  expiry: none,
  notBefore: none,
  issuer: none,
  audience: none,
  audienceList: none,
  kind: none,
  location: none,
  roles: ['by-setting', 'permission `execute-api` for the route'],
  revocation: ['left-to-api', 'a matter of IAM, not of FusionAuth'],
  refusal: ['does', 'the page says that the route is not invoked, but not how'],
  issuerDown: none,
});

export const amazonColumns: readonly Column[] = [lambdaAuthorizer, jwt, cognito, iam];
