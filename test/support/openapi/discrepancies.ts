import type { Document, DocumentedOperation, Response, Schema } from './document.js';

/** A place where FusionAuth's responses differ from its OpenAPI document. */
export interface Discrepancy {
  readonly name: string;
  /** FusionAuth's behaviour, and its source. */
  readonly reason: string;
  /** Changes the document to match the responses. */
  readonly correct: (document: Document) => void;
}

const anything: Schema = {};
const json = (schema: Schema): Response['content'] => ({ 'application/json': { schema } });
const bodyless = (description: string): Response => ({ description });

const schema = ({ components }: Document, name: string): Schema => components.schemas[name]!;
const property = (document: Document, owner: string, name: string): Schema =>
  schema(document, owner).properties![name]!;

function eachOperation({ paths }: Document, change: (operation: DocumentedOperation, path: string) => void) {
  for (const [path, methods] of Object.entries(paths))
    for (const operation of Object.values(methods)) change(operation, path);
}

/**
 * Every known discrepancy of the operations in use. `openapi.spec.ts` fails for one that no response needs, so that
 * the list shrinks when the document is corrected.
 */
export const discrepancies: readonly Discrepancy[] = [
  {
    name: 'fieldErrors is a map',
    reason:
      'The Errors page documents and the official clients read a map from field path to a list of errors.',
    correct: (document) => {
      schema(document, 'Errors').properties!['fieldErrors'] = {
        type: 'object',
        additionalProperties: { type: 'array', items: { $ref: '#/components/schemas/Error' } },
      };
    },
  },
  {
    name: '401 and 404 have no body',
    reason:
      'The Errors page: the body is empty for an API key that is refused and for an object that is absent.',
    correct: (document) =>
      eachOperation(document, ({ responses }, path) => {
        if (!path.startsWith('/api/')) return;
        for (const status of ['401', '404']) responses[status] = bodyless('The body is empty.');
      }),
  },
  {
    name: 'discovery answers below the path of a tenant too',
    reason: 'It does since 1.46 (release notes); the document has no such path.',
    correct: ({ paths }) => {
      paths['/{tenantId}/.well-known/openid-configuration'] = paths['/.well-known/openid-configuration']!;
    },
  },
  {
    name: 'discovery says that redirects carry the issuer',
    reason: 'A member of OpenIdConfiguration in the official client 1.69.0, the release that added RFC 9207.',
    correct: (document) => {
      const { properties } = schema(document, 'OpenIdConfiguration');
      properties!['authorization_response_iss_parameter_supported'] = { type: 'boolean' };
    },
  },
  {
    name: 'the status answer has members',
    reason: 'The System API documents {"status":"ok"} for everybody and a version for API keys.',
    correct: (document) => {
      schema(document, 'StatusResponse').properties = {
        status: { type: 'string' },
        version: { type: 'string' },
      };
    },
  },
  {
    name: 'a time zone is not w/w',
    reason: 'The pattern lost its backslashes; IANA names are letters, digits, dashes and slashes.',
    correct: (document) => {
      schema(document, 'ZoneId').pattern = String.raw`^[\w+-]+(/[\w+-]+)*$`;
    },
  },
  {
    name: 'custom data is anything',
    reason: 'Any JSON value is stored (Users API, user.data); the document demands objects.',
    correct: (document) => {
      for (const owner of ['User', 'UserRegistration', 'Group', 'Application'])
        property(document, owner, 'data').additionalProperties = anything;
    },
  },
  {
    name: 'roles of a group are by application',
    reason:
      'The Groups API and the official clients: roles maps an application to its roles. The document has a list.',
    correct: (document) => {
      const roles = property(document, 'Group', 'roles');
      Object.assign(roles, { type: 'object', additionalProperties: { type: 'array', items: roles.items } });
      delete roles.items;
    },
  },
  {
    name: 'headers of a webhook are names and values',
    reason: 'The Webhooks API: headers is an object of strings. The document has a type without members.',
    correct: (document) => {
      schema(document, 'HTTPHeaders').additionalProperties = { type: 'string' };
    },
  },
  {
    name: 'the pages are missing',
    reason:
      'The document leaves out /oauth2/authorize, /oauth2/register and /oauth2/logout, which answer with a page, a redirect or ' +
      'an OAuth error, the error as a page too where a browser asks.',
    correct: ({ paths }) => {
      const page: Response['content'] = { 'text/html': { schema: { type: 'string' } } };
      const responses = {
        '200': { description: 'The page', content: page },
        '302': bodyless('Back to the client.'),
        default: {
          description: 'Error',
          content: { ...json({ $ref: '#/components/schemas/OAuthError' }), ...page },
        },
      };
      for (const path of ['/oauth2/authorize', '/oauth2/register', '/oauth2/logout']) {
        paths[path] = {
          get: { operationId: `${path} get`, responses },
          post: { operationId: `${path} post`, responses },
        };
      }
    },
  },
  {
    name: 'the application of a registration may be in the path',
    reason:
      'The Registrations API: since 1.25 applicationId may be a segment of the URL of POST, PUT and PATCH.',
    correct: ({ paths }) => {
      const { post, put, patch } = paths['/api/user/registration/{userId}']!;
      Object.assign(paths['/api/user/registration/{userId}/{applicationId}']!, { post, put, patch });
    },
  },
  {
    name: 'a tenant can be deleted asynchronously',
    reason: 'The Tenants API: 202 with an empty body for async=true.',
    correct: ({ paths }) => {
      paths['/api/tenant/{tenantId}']!['delete']!.responses['202'] = bodyless('The deletion has begun.');
    },
  },
  {
    name: 'user info is given to POST too',
    reason: 'OpenID Connect Core 1.0 section 5.3.1 demands both; the document has GET alone.',
    correct: ({ paths }) => {
      const path = paths['/oauth2/userinfo']!;
      path['post'] = path['get']!;
    },
  },
  {
    name: 'an Ed25519 key is in the key set',
    reason:
      'Keys of that algorithm can be made since it is a KeyAlgorithm, but the Algorithm of a JSON Web Key lacks a name ' +
      'for it. RFC 8037 section 3.1 says EdDSA; what FusionAuth writes is not confirmed.',
    correct: (document) => {
      schema(document, 'Algorithm').enum!.push('EdDSA');
    },
  },
  {
    name: 'a log-in has many statuses',
    reason:
      'The Login API documents 202, 203, 212, 213 and 242 with the log-in body, 409 with the actions that prevent it, ' +
      'and 410 and 423 without a body. The document has 200 and one error.',
    correct: ({ paths }) => {
      const { responses } = paths['/api/login']!['post']!;
      for (const status of ['202', '203', '212', '213', '242', '409']) responses[status] = responses['200']!;
      for (const status of ['410', '423']) responses[status] = bodyless('The body is empty.');
    },
  },
  {
    name: 'introspection answers with claims',
    reason:
      'RFC 7662 section 2.2 and the Introspect page: active, and the claims. The document has an empty object.',
    correct: (document) => {
      const answer = schema(document, 'IntrospectResponse');
      Object.assign(answer, { properties: { active: { type: 'boolean' } }, additionalProperties: true });
    },
  },
  {
    name: 'validation answers with all claims, and the audience is text',
    reason:
      'The Validate page shows every claim at the top of jwt, aud as text. The document has them in otherClaims.',
    correct: (document) => {
      const jwt = schema(document, 'JWT');
      jwt.additionalProperties = true;
      jwt.properties!['aud'] = { type: ['string', 'array'] };
    },
  },
  {
    name: 'user info answers with claims',
    reason: 'OpenID Connect Core 1.0 section 5.3.2 and the UserInfo page. The document has an empty object.',
    correct: (document) => {
      schema(document, 'UserinfoResponse').additionalProperties = true;
    },
  },
];

/** Operations of the sandbox that our part of the document omits, by method and path without IDs. */
export const undocumented: readonly string[] = [
  'POST /oauth2/device_authorize',
  'GET /oauth2/device/validate',
  'POST /oauth2/device/user-code',
  'POST /oauth2/device/approve',
  'GET /oauth2/device',
  'POST /oauth2/device',
  'GET /oauth2/device-complete',
  'GET /app/login',
  'GET /app/register',
  'POST /app/refresh',
  'GET /app/logout',
  'GET /app/callback',
  'GET /app/me',
  'GET /api/system/version',
  'POST /api/user/import',
  'GET /api/entity/type',
  'GET /api/entity/type/search',
  'GET /api/application/search',
  'GET /api/group',
  'POST /api/group/search',
  'GET /api/group/search',
  'POST /api/group/member',
  'PUT /api/group/member',
  'DELETE /api/group/member',
  'POST /api/group/member/search',
  'GET /api/group/member/search',
  'GET /api/tenant',
  'POST /api/tenant/search',
  'GET /api/tenant/search',
  'POST /api/key/search',
  'GET /api/key/search',
  'POST /api/lambda',
  'GET /api/lambda',
  'POST /api/lambda/search',
  'GET /api/lambda/search',
  'PUT /api/lambda',
  'PATCH /api/lambda',
  'DELETE /api/lambda',
  'POST /api/webhook/search',
  'GET /api/webhook/search',
  'POST /api/system/login-record/search',
  'GET /api/system/login-record/search',
  'POST /api/system/webhook-event-log/search',
  'GET /api/system/webhook-event-log/search',
  'GET /api/system/webhook-event-log',
  'GET /api/system/webhook-attempt-log',
];
