import type { OutgoingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { generateSync, type JsonSchema } from 'json-schema-faker';
import type { ApiDocument, DocumentedOperation, Parameter } from './documented.js';
import {
  contentType,
  hostileCredentials,
  hostileHeader,
  hostileJson,
  hostileText,
  strayHeaders,
  visible,
  weighted,
} from './hostile.js';

/** A request to send; `~id.3~`, `~etag.3~` and `~cursor.3~` are placeholders for values of earlier answers. */
export interface FuzzRequest {
  /** The index of the caller whose credential it carries, or none. */
  readonly who: number | undefined;
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/**
 * Generates any request to the documented API, by `callers` people: mostly to its operations, a few to paths that do
 * not exist.
 */
export function anyRequest(document: ApiDocument, callers: number): fc.Arbitrary<FuzzRequest> {
  const operations = document.operations.map((one) => {
    // An operation without parameters has little to break.
    const weight = one.requestBody ? 6 : one.parameters?.length ? 4 : 1;
    return [weight, requestTo(one, document, callers)] as const;
  });
  const below = fc.constantFrom('', '', '/docs', '/docs/errors', '/.well-known', '/todos');
  const path = fc
    .tuple(below, fc.array(inUrl(hostileText), { maxLength: 4 }))
    .map(([above, parts]) => `${above}/${parts.join('/')}`);
  const elsewhere = fc
    .tuple(weighted(...operations), path)
    .map(([request, to]) => ({ ...request, path: to }));
  return weighted(...operations, [2, elsewhere]);
}

const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY'];

function requestTo(
  { template, method, parameters = [], requestBody }: DocumentedOperation,
  document: ApiDocument,
  callers: number,
): fc.Arbitrary<FuzzRequest> {
  const schema = requestBody && document.resolve(requestBody.content['application/json']?.schema ?? {});
  const parts = fc.record({
    who: fc.option(fc.nat(callers - 1), { freq: 16, nil: undefined }),
    method: weighted([30, fc.constant(method)], [1, fc.constantFrom(...methods)]),
    path: pathOf(template, parameters),
    documented: headersOf(parameters),
    stray: strayHeaders,
    type: contentType,
    credentials: hostileCredentials,
    body: schema ? weighted([20, bodyOf(schema)], [1, nothing]) : seldom(fc.oneof(fc.json(), hostileText)),
  });
  return parts.map(({ documented, stray, type, credentials, body, ...request }) => ({
    ...request,
    headers: {
      ...stray,
      ...documented,
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(request.who === undefined ? credentials : {}),
    },
    ...(body === undefined ? {} : { body }),
  }));
}

const nothing = fc.constant(undefined);
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => weighted<T | undefined>([9, nothing], [1, arbitrary]);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => weighted<T | undefined>([1, nothing], [1, arbitrary]);

const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
const inUrl = (arbitrary: fc.Arbitrary<string>) =>
  weighted(
    [9, arbitrary.map(encoded)],
    [1, fc.constantFrom('%', '%zz', '%ff%fe', '%00', '%e0%80%80', '..', '.', '%2f', ';', 'ÿ')],
  );

const valid = (schema: JsonSchema) =>
  fc.nat().map((seed) => generateSync(schema, { seed, optionalsProbability: 0.6 }));

/** Parameters for which earlier answers contain valid values. */
const held: Readonly<Record<string, string>> = {
  id: 'id',
  cursor: 'cursor',
  'If-Match': 'etag',
  'If-None-Match': 'etag',
};

/** Generates a value that the document allows, or something else. */
function valueOf({ name, schema }: Parameter, hostile: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const heldName = held[name];
  const good = valid(schema).map(String);
  return weighted(
    [4, heldName === undefined ? good : fc.nat(5).map((index) => `~${heldName}.${index}~`)],
    [1, heldName === 'etag' ? fc.constant('*') : good],
    [1, hostile],
  );
}

function headersOf(parameters: readonly Parameter[]): fc.Arbitrary<Readonly<Record<string, string>>> {
  const entries = parameters
    .filter((one) => one.in === 'header')
    .map((one) =>
      maybe(valueOf(one, hostileHeader).map((text) => [one.name.toLowerCase(), visible(text)] as const)),
    );
  return fc
    .tuple(...entries)
    .map((given) => Object.fromEntries(given.filter((entry) => entry !== undefined)));
}

function pathOf(template: string, parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const inPath = parameters.filter((one) => one.in === 'path');
  const filled = fc
    .tuple(...inPath.map((one) => inUrl(valueOf(one, hostileText)).map((text) => [one.name, text] as const)))
    .map((values) => values.reduce((path, [name, text]) => path.replace(`{${name}}`, () => text), template));
  const documented = parameters
    .filter((one) => one.in === 'query')
    .map((one) => inUrl(valueOf(one, hostileText)).map((text) => `${one.name}=${text}`));
  const strayName = fc.constantFrom('__proto__', 'limit[]', 'a[b]', 'access_token', 'constructor', '');
  const stray = fc
    .tuple(fc.oneof(strayName, hostileText.map(encoded)), inUrl(hostileText))
    .map(([name, text]) => `${name}=${text}`);
  const query = fc.tuple(...documented.map(maybe), seldom(fc.oneof(...documented, stray)));
  return fc.tuple(filled, query).map(([path, pairs]) => {
    const given = pairs.filter((pair) => pair !== undefined);
    return given.length === 0 ? path : `${path}?${given.join('&')}`;
  });
}

/** Generates an object of the schema with some invalid members, or something else entirely. */
function bodyOf(schema: JsonSchema): fc.Arbitrary<string | Buffer> {
  const good = valid(schema).map((value) => JSON.stringify(value));
  const documented = Object.keys((schema as { properties: object }).properties);
  const name = weighted(
    [8, fc.constantFrom(...documented)],
    [1, fc.constantFrom('id', 'ownerId', 'version', '__proto__', 'constructor', '')],
    [1, hostileText],
  );
  // Written as text, so that a member can occur twice.
  const mixed = fc
    .tuple(good, fc.dictionary(name, hostileJson, { minKeys: 1, maxKeys: 2 }))
    .map(([text, changed]) => {
      const more = Object.entries(changed).map(([member, json]) => `${JSON.stringify(member)}:${json}`);
      return `${text.slice(0, -1)}${text === '{}' ? '' : ','}${more.join(',')}}`;
    });
  return weighted<string | Buffer>(
    [8, good],
    [12, mixed],
    [2, hostileJson],
    [1, fc.tuple(mixed, fc.nat(100)).map(([text, cut]) => text.slice(0, cut))],
    [1, hostileText],
    [1, good.map((text) => `\ufeff${text}`)],
    [1, fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))],
    [1, fc.integer({ min: 99_000, max: 101_000 }).map((size) => `{"title":"${'x'.repeat(size)}"}`)],
  );
}
