import type { Presented } from '../../../tools/attack/src/corpus/make.js';
import type { Answer, Send } from '../../../tools/attack/src/request.js';
import type { DeployedFunction } from './deployed-function.js';

const api = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod';

type EventOf = (presented: Presented, path: string) => object;

/** Returns the event of a REST API's REQUEST authorizer: each header with all its values and with the last one. */
export const restEvent: EventOf = ({ method = 'GET', headers, query = '' }, path) => {
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [name, value] of headers) (multiValueHeaders[name] ??= []).push(value);
  return {
    type: 'REQUEST',
    methodArn: `${api}/${method}${path}`,
    httpMethod: method,
    path,
    headers: Object.fromEntries(headers),
    multiValueHeaders,
    queryStringParameters: Object.fromEntries(new URLSearchParams(query)),
    requestContext: { requestId: 'r', identity: { sourceIp: '192.0.2.7' } },
  };
};

/**
 * Returns the event of an HTTP API in payload format 2.0: names in lower case, values joined by commas, cookies in a
 * list.
 */
export const httpEvent: EventOf = ({ method = 'GET', headers, query = '' }, path) => {
  const joined: Record<string, string> = {};
  const cookies: string[] = [];
  for (const [spelled, value] of headers) {
    const name = spelled.toLowerCase();
    if (name === 'cookie') cookies.push(...value.split('; '));
    else joined[name] = joined[name] === undefined ? value : `${joined[name]},${value}`;
  }
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: `${api}/${method}${path}`,
    rawPath: `/prod${path}`,
    rawQueryString: query,
    headers: joined,
    ...(cookies.length > 0 && { cookies }),
    requestContext: { requestId: 'r', http: { method, sourceIp: '192.0.2.7' } },
  };
};

/**
 * Answers as API Gateway does (Developer Guide, Lambda authorizers, Output): 401 if the message is "Unauthorized",
 * 500 for any other error.
 */
export const throughGateway =
  (deployed: DeployedFunction, eventOf: EventOf): Send =>
  async (presented, path): Promise<Answer> => {
    const status = await deployed.invoke(eventOf(presented, path)).then(
      (answer) => (isAllowed(answer) ? 200 : 403),
      (error: unknown) => ((error as Error).message === 'Unauthorized' ? 401 : 500),
    );
    return { status, code: undefined };
  };

const isAllowed = (answer: unknown): boolean =>
  (answer as { isAuthorized?: boolean }).isAuthorized ?? JSON.stringify(answer).includes('"Effect":"Allow"');
