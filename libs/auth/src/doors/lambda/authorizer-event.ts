import { randomUUID } from 'node:crypto';
import type { RequestFacts } from '../../core/facts.js';
import { readAddress } from '../caller-address.js';
import { cookieHeaders, type EventHeaders, occurrencesIn } from './event-headers.js';
import { type MethodArn, readMethodArn } from './method-arn.js';

/** The request of API Gateway to an authorizer, the same for all of its APIs and payload formats. */
export interface AuthorizerQuestion {
  /** HTTP and REST APIs differ in answers and refusals. */
  readonly api: 'http' | 'rest';
  /** Only payload 2.0 can get a simple answer. */
  readonly format?: unknown;
  readonly arn: MethodArn;
  readonly facts: RequestFacts;
}

/** The members that are read of the three payloads (API Gateway Developer Guide, Lambda authorizers, Input). */
interface AuthorizerEvent extends EventHeaders {
  readonly type?: unknown;
  readonly version?: unknown;
  readonly authorizationToken?: unknown;
  readonly methodArn?: unknown;
  readonly routeArn?: unknown;
  readonly httpMethod?: unknown;
  readonly path?: unknown;
  readonly rawPath?: unknown;
  readonly rawQueryString?: unknown;
  readonly queryStringParameters?: Readonly<Record<string, unknown>> | null;
  readonly multiValueQueryStringParameters?: Readonly<Record<string, unknown>> | null;
  readonly requestContext?: {
    readonly requestId?: unknown;
    readonly http?: { readonly method?: unknown; readonly sourceIp?: unknown };
    readonly identity?: { readonly sourceIp?: unknown };
  };
}

/**
 * Reads the event of an HTTP API's authorizer (payload 2.0 and 1.0), or of a REST API's TOKEN or REQUEST authorizer.
 * Throws if it is of another kind, or its ARN cannot be named in a policy: both become 500.
 */
export function readQuestion(given: unknown): AuthorizerQuestion {
  const event = (typeof given === 'object' && given !== null ? given : {}) as AuthorizerEvent;
  const arn = readMethodArn(event.routeArn ?? event.methodArn);
  if (!arn) throw new Error('The event has no ARN of a method of an HTTP or REST API.');
  if (event.type === 'TOKEN') return { api: 'rest', arn, facts: factsOfToken(event, arn) };
  if (event.type !== 'REQUEST')
    throw new Error('The event is not an authorizer event: its type must be TOKEN or REQUEST.');

  // Only the events of an HTTP API state their format's version.
  const { version: format } = event;
  return { api: format === undefined ? 'rest' : 'http', format, arn, facts: factsOfRequest(event, arn) };
}

/** Reads a TOKEN event. It carries one header only, which must be Authorization. */
function factsOfToken({ authorizationToken }: AuthorizerEvent, { method, path }: MethodArn): RequestFacts {
  const values = typeof authorizationToken === 'string' ? [authorizationToken] : [];
  return {
    // The event has none.
    requestId: randomUUID(),
    address: '',
    method,
    url: path,
    header: (name) => (name === 'authorization' ? values : []),
  };
}

function factsOfRequest(event: AuthorizerEvent, arn: MethodArn): RequestFacts {
  const { requestId, http, identity } = event.requestContext ?? {};
  const address = firstText(http?.sourceIp, identity?.sourceIp) ?? '';
  const path = firstText(event.rawPath, event.path) ?? arn.path;
  return {
    requestId: firstText(requestId) ?? randomUUID(),
    address: readAddress(address) ?? '',
    method: firstText(http?.method, event.httpMethod) ?? arn.method,
    url: `${path}?${queryOf(event)}`,
    header: (name) => (name === 'cookie' ? cookieHeaders(event) : occurrencesIn(event, name)),
  };
}

/**
 * Returns the query as received, or else only its names: a REST API sends it decoded, and the values are not needed.
 */
function queryOf(event: AuthorizerEvent): string {
  if (typeof event.rawQueryString === 'string') return event.rawQueryString;
  const names = Object.keys({ ...event.queryStringParameters, ...event.multiValueQueryStringParameters });
  return names.map((name) => `${encodeURIComponent(name)}=`).join('&');
}

const firstText = (...values: readonly unknown[]): string | undefined =>
  values.find((value) => typeof value === 'string');
