import { bearer, group } from '../kind.js';
import type { Json, Mint } from '../mint.js';

const kind = group('times', { ids: ['JWT-13'] });
const lax = { owed: 'policy' } as const;

/** Times relative to now, in seconds; others as they are. */
const at = (change: (now: number, mint: Mint) => Json) => (mint: Mint) =>
  bearer(mint.token(change(mint.now(), mint)));

const expiry = 'RFC 9068 section 4: an access token ends, and the end must be checked';
const number = 'RFC 7519 section 2: NumericDate is a number of seconds';
const notYet = 'RFC 7519 section 4.1.5: not before that time';
const issued = 'RFC 9068 section 2.2: iat is required, and nothing is issued in the future';
const lifetime = 'a long life is a long wait for whoever must revoke it';

export const times = [
  kind(
    'no expiry',
    expiry,
    at(() => ({ exp: undefined })),
  ),
  kind(
    'null as the expiry',
    number,
    at(() => ({ exp: null })),
  ),
  kind(
    'an expiry in text',
    number,
    at((now) => ({ exp: String(now + 600) })),
  ),
  kind(
    'an expiry as a date',
    number,
    at((now) => ({ exp: new Date((now + 600) * 1000).toISOString() })),
  ),
  kind(
    'an expiry that is true',
    number,
    at(() => ({ exp: true })),
  ),
  kind(
    'a list as the expiry',
    number,
    at((now) => ({ exp: [now + 600] })),
  ),
  kind(
    'an object as the expiry',
    number,
    at((now) => ({ exp: { value: now + 600 } })),
  ),
  kind(
    'an expiry of zero',
    'RFC 7519 section 4.1.4: on or after it the token is refused',
    at(() => ({ exp: 0 })),
  ),
  kind(
    'a negative expiry',
    'RFC 7519 section 4.1.4: on or after it the token is refused',
    at(() => ({ exp: -1 })),
  ),
  kind(
    'an expiry too large for a number',
    number,
    (mint) =>
      bearer(mint.jws({ payload: JSON.stringify(mint.claims()).replace(/"exp":\d+/, '"exp":1e999') })),
    lax,
  ),
  kind(
    'expired an hour ago',
    'RFC 7519 section 4.1.4: on or after it the token is refused',
    at((now) => ({ iat: now - 7_200, exp: now - 3_600 })),
  ),
  kind(
    'expired as long ago as clocks may differ',
    'RFC 7519 section 4.1.4: the allowance has an end',
    at((now, { target }) => ({ iat: now - 600, exp: now - target.clockSkewSeconds - 1 })),
  ),
  kind(
    'expired for ten years, in milliseconds',
    'RFC 7519 section 2: seconds; read so it ends in thousands of years',
    at((now) => ({ exp: (now - 315_360_000) * 1000 })),
    lax,
  ),
  kind(
    'an expiry in milliseconds',
    'RFC 7519 section 2: seconds; read so it ends in thousands of years',
    at((now) => ({ exp: (now + 600) * 1000 })),
    lax,
  ),
  kind(
    'a life of ten years',
    lifetime,
    at((now) => ({ exp: now + 315_360_000 })),
    lax,
  ),
  kind(
    'a life a minute longer than allowed',
    lifetime,
    at((now, { target }) => ({ exp: now + target.maxLifetimeSeconds + 60 })),
    lax,
  ),
  kind(
    'no time of issue',
    issued,
    at(() => ({ iat: undefined })),
    lax,
  ),
  kind(
    'null as the time of issue',
    number,
    at(() => ({ iat: null })),
    lax,
  ),
  kind(
    'a time of issue in text',
    number,
    at((now) => ({ iat: String(now) })),
    lax,
  ),
  kind(
    'a time of issue in text beside a good not-before',
    number,
    at((now) => ({ iat: String(now), nbf: now - 10 })),
    lax,
  ),
  kind(
    'a negative time of issue',
    number,
    at(() => ({ iat: -1 })),
    lax,
  ),
  kind(
    'issued in an hour',
    issued,
    at((now) => ({ iat: now + 3_600, exp: now + 4_200 })),
    lax,
  ),
  kind(
    'issued later than clocks may differ',
    issued,
    at((now, { target }) => ({ iat: now + target.clockSkewSeconds + 5, exp: now + 600 })),
    lax,
  ),
  kind(
    'issued in an hour, and good since a while',
    issued,
    at((now) => ({ iat: now + 3_600, nbf: now - 10, exp: now + 4_200 })),
    lax,
  ),
  kind(
    'issued in milliseconds',
    number,
    at((now) => ({ iat: now * 1000 })),
    lax,
  ),
  kind(
    'ended before it was issued',
    'no token is meant to be so',
    at((now) => ({ iat: now + 20, exp: now + 10 })),
    lax,
  ),
  kind(
    'ended as it was issued',
    'no token is meant to be so',
    at((now) => ({ iat: now + 10, exp: now + 10 })),
    lax,
  ),
  kind(
    'not to be used for an hour',
    notYet,
    at((now) => ({ nbf: now + 3_600, exp: now + 3_600 })),
  ),
  kind(
    'not to be used for longer than clocks may differ',
    notYet,
    at((now, { target }) => ({ nbf: now + target.clockSkewSeconds + 5 })),
  ),
  kind(
    'not to be used before it ends',
    notYet,
    at((now) => ({ nbf: now + 20, exp: now + 10 })),
    lax,
  ),
  kind(
    'a not-before in text',
    number,
    at((now) => ({ nbf: String(now) })),
  ),
  kind(
    'a negative not-before',
    number,
    at(() => ({ nbf: -1 })),
    lax,
  ),
  kind(
    'a not-before of null',
    number,
    at(() => ({ nbf: null })),
  ),
  kind(
    'a not-before as a list',
    number,
    at((now) => ({ nbf: [now] })),
  ),
];
