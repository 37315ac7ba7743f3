import type { Document, DocumentedOperation, Response, Schema } from './document.js';

/** A place where FusionAuth answers otherwise than its OpenAPI document says. */
export interface Discrepancy {
  readonly name: string;
  /** What FusionAuth does, and how that is known. */
  readonly reason: string;
  /** Changes the document to what is answered. */
  readonly correct: (document: Document) => void;
}

const anything: Schema = {};
const json = (schema: Schema): Response['content'] => ({ 'application/json': { schema } });
const bodyless = (description: string): Response => ({ description });

const schema = ({ components }: Document, name: string): Schema => components.schemas[name]!;
const property = (document: Document, owner: string, name: string): Schema =>
  schema(document, owner).properties![name]!;

function eachOperation({ paths }: Document, change: (operation: DocumentedOperation, path: string) => void) {
  for (const [path, methods] of Object.entries(paths)) {
    for (const operation of Object.values(methods)) change(operation, path);
  }
}

/**
 * Every known discrepancy of the operations in use. `openapi.spec.ts` fails for one that no answer needs, so that the
 * list shrinks when the document is corrected.
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
    reason: 'Any JSON value is kept (Users API, user.data); the document demands objects.',
    correct: (document) => {
      for (const owner of ['User', 'UserRegistration', 'Group', 'Application']) {
        property(document, owner, 'data').additionalProperties = anything;
      }
    },
  },
  {
    name: 'the log-in page is missing',
    reason:
      'The document leaves out /oauth2/authorize, which answers with a page, a redirect or an OAuth error.',
    correct: ({ paths }) => {
      const responses = {
        '200': { description: 'The page', content: { 'text/html': { schema: { type: 'string' } } } },
        '302': bodyless('Back to the client.'),
        default: { description: 'Error', content: json({ $ref: '#/components/schemas/OAuthError' })! },
      };
      paths['/oauth2/authorize'] = {
        get: { operationId: 'authorize', responses },
        post: { operationId: 'submitLogIn', responses },
      };
    },
  },
];
