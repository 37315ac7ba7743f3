import { rejected } from '../../core/failure.js';
import { bearerError, claimBearer, notAToken } from './bearer.js';

describe('claiming a bearer token', () => {
  it.each(['Bearer abc.def.ghi', 'bearer abc.def.ghi', 'BEARER  abc.def.ghi'])('claims %p', (value) => {
    expect(claimBearer([value])).toEqual({ kind: 'claimed', credential: 'abc.def.ghi' });
  });

  it.each([
    [[]],
    [['']],
    [['Basic YTpi']],
    [['Bearerabc']],
    [['Bearer-token abc']],
    [['Bearer.abc']],
    [['Digest Bearer abc']],
  ])('leaves %p to others', (values) => {
    expect(claimBearer(values)).toEqual({ kind: 'not-mine' });
  });

  it.each([
    [['Bearer']],
    [['Bearer ']],
    [['Bearer\ta']],
    [['Bearer,a']],
    [['Bearer:a']],
    [['Bearer="a"']],
    [['Bearer a', 'Bearer b']],
    [['Bearer a', 'Basic YTpi']],
    [['Basic YTpi', 'Bearer a']],
  ])('calls %p malformed', (values) => {
    expect(claimBearer(values).kind).toBe('malformed');
  });
});

describe('a text that is no access token', () => {
  it.each(['a b', 'a,b', 'a, Bearer b', 'a\tb', 'ä', '"a"', 'a=b', '', ' a', 'a '])(
    'is malformed when it is not even a word: %j',
    (text) => {
      expect(notAToken(text)).toMatchObject({ failure: { kind: 'malformed' } });
    },
  );

  it.each(['opaque', 'a.b.c', 'AZaz09-._~+/', 'a==='])('is refused when it is one: %j', (text) => {
    expect(notAToken(text)).toEqual(rejected('not-a-token'));
  });
});

describe('the error of a bearer challenge', () => {
  it.each([
    [{ kind: 'malformed', detail: 'd' }, 'invalid_request'],
    [{ kind: 'rejected', reason: 'r' }, 'invalid_token'],
    [{ kind: 'forbidden', reason: 'r' }, 'insufficient_scope'],
    [{ kind: 'forbidden', reason: 'r', code: 'csrf_refused' }, undefined],
    [{ kind: 'missing' }, undefined],
  ] as const)('for %j is %s (OA-2)', (failure, error) => {
    expect(bearerError(failure)).toBe(error);
  });
});
