import { claimBearer } from './bearer.js';

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
    [['Bearer a b']],
    [['Bearer a,b']],
    [['Bearer a, Bearer b']],
    [['Bearer a\tb']],
    [['Bearer\ta']],
    [['Bearer,a']],
    [['Bearer:a']],
    [['Bearer="a"']],
    [['Bearer ä']],
    [['Bearer "a"']],
    [['Bearer a', 'Bearer b']],
    [['Bearer a', 'Basic YTpi']],
    [['Basic YTpi', 'Bearer a']],
  ])('calls %p malformed', (values) => {
    expect(claimBearer(values).kind).toBe('malformed');
  });
});
