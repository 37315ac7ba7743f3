import { readerOf } from '../../core/carrier.js';
import type { RequestFacts } from '../../core/facts.js';
import { malformed, rejected } from '../../core/failure.js';
import { bearer, bearerError, notAToken } from './bearer.js';

const read = readerOf(bearer);
const held = (values: readonly string[]) => read({ header: () => values } as unknown as RequestFacts);

describe('a bearer token in Authorization', () => {
  it.each(['Bearer abc.def.ghi', 'bearer abc.def.ghi', 'BEARER  abc.def.ghi'])('is found in %p', (value) => {
    expect(held([value])).toBe('abc.def.ghi');
  });

  it.each([
    [[]],
    [['']],
    [['Basic YTpi']],
    // cspell:ignore Bearerabc Zaz
    [['Bearerabc']],
    [['Bearer-token abc']],
    [['Bearer.abc']],
    [['Digest Bearer abc']],
  ])('is not there in %p', (values) => {
    expect(held(values)).toBeUndefined();
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
  ])('is malformed in %p', (values) => {
    expect(held(values)).toMatchObject({ failure: { kind: 'malformed' } });
  });
});

describe('a text that is not an access token', () => {
  it.each(['a b', 'a,b', 'a, Bearer b', 'a\tb', 'ä', '"a"', 'a=b', '', ' a', 'a '])(
    'is malformed when it is not even a word: %j',
    (text) => {
      expect(notAToken(text)).toEqual(
        malformed('The access token must be one word of letters, digits and -._~+/ (RFC 6750 section 2.1).'),
      );
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
