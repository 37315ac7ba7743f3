import { internalError, problemBody, ProblemError, problemHeaders, undocumented } from './problem.js';

const typeOf = (code: string) => `https://todos.example.com/docs/errors/${code}`;

describe('a problem', () => {
  it('says its status, code and sentence, and nothing of what caused it', () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.7');
    const headers = { 'Retry-After': '5' };
    const problem = new ProblemError(503, 'database_unavailable', 'Try again.', { cause, headers });
    expect(problemBody(problem, typeOf)).toEqual({
      type: 'https://todos.example.com/docs/errors/database_unavailable',
      title: 'Service Unavailable',
      status: 503,
      detail: 'Try again.',
      code: 'database_unavailable',
    });
    expect([problem.cause, problem.headers]).toEqual([cause, headers]);
  });

  it('names the request and the fields where they are known', () => {
    const errors = [{ path: 'body.dueAt', message: 'must have a zone' }];
    const problem = new ProblemError(400, 'invalid_request', 'Correct the fields.', { errors });
    expect(problemBody(problem, typeOf, 'request-1')).toMatchObject({ requestId: 'request-1', errors });
  });

  it('is our own fault where the cause is unexpected', () => {
    const cause = new Error('out of range');
    expect(problemBody(internalError(cause), undocumented)).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'The server failed; the request is not at fault.',
      code: 'internal_error',
    });
    expect(internalError(cause).cause).toBe(cause);
  });

  it('is stored by no cache', () => {
    const problem = new ProblemError(429, 'too_many_requests', 'Wait.', { headers: { 'Retry-After': '5' } });
    expect(problemHeaders(problem)).toEqual({
      'Retry-After': '5',
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
    });
    expect(problem.message).toBe('too_many_requests: Wait.');
  });

  it('has a title where HTTP has no name for its status', () => {
    expect(problemBody(new ProblemError(599, 'internal_error', 'Odd.'), typeOf).title).toBe('Error');
  });
});
