import { problemBody, undocumented } from '#gatehouse/platform';
import { bearerError } from '../strategies/jwt/bearer.js';
import { answerTo } from './challenge.js';
import { type Failure, unavailable } from './failure.js';

const settings = {
  realm: 'todo-api',
  challenges: [{ scheme: 'Bearer', error: bearerError }, { scheme: 'ApiKey' }],
  resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource',
};
const answer = (failure: Failure) => answerTo(failure, settings);
const metadata = `resource_metadata="${settings.resourceMetadata}"`;

describe('the answer to a failure', () => {
  it('challenges for every strategy, without an error, when nothing was presented (OA-2)', () => {
    const problem = answer({ kind: 'missing' });
    expect([problem.status, problem.code]).toEqual([401, 'credential_required']);
    expect(problem.headers['WWW-Authenticate']).toEqual([
      `Bearer realm="todo-api", ${metadata}`,
      `ApiKey realm="todo-api", ${metadata}`,
    ]);
  });

  it.each<[Failure, number, string, string | undefined]>([
    [{ kind: 'malformed', detail: 'd' }, 400, 'invalid_request', 'error="invalid_request"'],
    [{ kind: 'rejected', reason: 'expired' }, 401, 'invalid_token', 'error="invalid_token"'],
    [{ kind: 'forbidden', reason: 'role', roles: ['a', 'b'] }, 403, 'insufficient_scope', 'scope="a b"'],
    [
      { kind: 'forbidden', reason: 'not-registered' },
      403,
      'insufficient_scope',
      'error="insufficient_scope"',
    ],
    [{ kind: 'throttled', retryAfterSeconds: 7, what: 'attempts' }, 429, 'too_many_requests', undefined],
    [{ kind: 'throttled', retryAfterSeconds: 7, what: 'requests' }, 429, 'too_many_requests', undefined],
    [{ kind: 'forbidden', reason: 'x', code: 'csrf_refused' }, 403, 'csrf_refused', undefined],
    [unavailable('x').failure, 503, 'authentication_unavailable', undefined],
    [{ kind: 'forbidden', reason: 'x', code: 'over_privileged_key' }, 403, 'over_privileged_key', undefined],
  ])('to %j is %i %s (OA-2)', (failure, status, code, challenge) => {
    const problem = answer(failure);
    expect([problem.status, problem.code]).toEqual([status, code]);
    if (challenge) expect(problem.headers['WWW-Authenticate']?.[0]).toContain(challenge);
    else if (status !== 403) expect(problem.headers).toEqual({ 'Retry-After': status === 429 ? '7' : '2' });
  });

  it.each<[Failure, string]>([
    [{ kind: 'missing' }, 'Present a credential: Bearer or ApiKey.'],
    [{ kind: 'malformed', detail: 'The token is not a word.' }, 'The token is not a word.'],
    [{ kind: 'rejected', reason: 'expired' }, 'Obtain a new one.'],
    [{ kind: 'forbidden', reason: 'role', roles: ['a', 'b'] }, 'lacks a role for this: a or b.'],
    [{ kind: 'forbidden', reason: 'not-registered' }, 'its owner is not registered for this API.'],
    [{ kind: 'forbidden', reason: 'x', code: 'over_privileged_key' }, 'Replace it with a key'],
    [{ kind: 'forbidden', reason: 'x', code: 'csrf_refused' }, 'send Origin, or send the token in a header.'],
    [{ kind: 'throttled', retryAfterSeconds: 7, what: 'attempts' }, 'Too many attempts were refused.'],
    [
      { kind: 'throttled', retryAfterSeconds: 7, what: 'requests' },
      'This client has reached its request limit.',
    ],
    [unavailable('x').failure, 'It may still be valid: keep it and retry.'],
  ])('to %j tells what to do: %s', (failure, sentence) => {
    expect(problemBody(answer(failure), undocumented)).toMatchObject({
      detail: expect.stringContaining(sentence),
    });
  });

  it('has the given headers, the parameters of a scheme, and nothing else', () => {
    const challenges = [{ scheme: 'Basic', parameters: ['charset="UTF-8"'] }];
    expect(answerTo({ kind: 'missing' }, { realm: 'r', challenges }, { RateLimit: 'x' }).headers).toEqual({
      RateLimit: 'x',
      'WWW-Authenticate': ['Basic realm="r", charset="UTF-8"'],
    });
  });

  it('names the roles only in the challenge of a scheme that has a parameter for them', () => {
    const problem = answer({ kind: 'forbidden', reason: 'role', roles: ['a'] });
    expect(problem.headers['WWW-Authenticate']?.[1]).toBe(`ApiKey realm="todo-api", ${metadata}`);
    const unnamed = answer({ kind: 'forbidden', reason: 'x' });
    expect(unnamed.headers['WWW-Authenticate']?.[0]).not.toContain('scope=');
  });

  it('is the same for every reason of a refusal, and names none (HTTP-3)', () => {
    const bodies = ['expired', 'signature', 'unknown-key'].map((reason) =>
      problemBody(answer({ kind: 'rejected', reason }), undocumented),
    );
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(JSON.stringify(bodies)).not.toMatch(/signature|unknown-key/);
  });
});
