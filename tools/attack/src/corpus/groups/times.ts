import type { Json } from '../../../../issuer/src/signing-key.js';
import { kinds } from '../kind.js';
import { type Make, signed, user } from '../make.js';
import type { Mint } from '../mint.js';

/** Makes times relative to now, in seconds; other values stay. */
const at = (change: (now: number, mint: Mint) => Json): Make => user((mint) => change(mint.now(), mint));

const group = 'times';
const ids = ['JWT-13'];
const number = 'RFC 7519 section 2: NumericDate is a number of seconds';
const notYet = 'RFC 7519 section 4.1.5: not before that time';

export const times = [
  ...kinds(group, { ids })({
    'RFC 9068 section 4: an access token expires, and its expiry must be checked': {
      'no expiry': user({ exp: undefined }),
    },
    [number]: {
      'null as the expiry': user({ exp: null }),
      'an expiry as a string': at((now) => ({ exp: String(now + 600) })),
      'an expiry as a date': at((now) => ({ exp: new Date((now + 600) * 1000).toISOString() })),
      'an expiry that is true': user({ exp: true }),
      'a list as the expiry': at((now) => ({ exp: [now + 600] })),
      'an object as the expiry': at((now) => ({ exp: { value: now + 600 } })),
      'a not-before as a string': at((now) => ({ nbf: String(now) })),
      'a not-before of null': user({ nbf: null }),
      'a not-before as a list': at((now) => ({ nbf: [now] })),
    },
    'RFC 7519 section 4.1.4: on or after it the token is refused': {
      'an expiry of zero': user({ exp: 0 }),
      'a negative expiry': user({ exp: -1 }),
      'expired an hour ago': at((now) => ({ iat: now - 7_200, exp: now - 3_600 })),
    },
    'RFC 7519 section 4.1.4: the allowance is limited': {
      'expired by exactly the allowed clock skew': at((now, { target }) => ({
        iat: now - 600,
        exp: now - target.clockSkewSeconds - 1,
      })),
    },
    [notYet]: {
      'valid in an hour only': at((now) => ({ nbf: now + 3_600, exp: now + 3_600 })),
      'valid after more than the allowed clock skew': at((now, { target }) => ({
        nbf: now + target.clockSkewSeconds + 5,
      })),
    },
  }),
  ...kinds(group, { ids, owed: 'policy' })({
    [number]: {
      'an expiry too large for a number': signed((mint) => ({
        payload: JSON.stringify(mint.claims()).replace(/"exp":\d+/, '"exp":1e999'),
      })),
      'null as the time of issue': user({ iat: null }),
      'a time of issue as a string': at((now) => ({ iat: String(now) })),
      'a time of issue as a string beside a valid not-before': at((now) => ({
        iat: String(now),
        nbf: now - 10,
      })),
      'a negative time of issue': user({ iat: -1 }),
      'issued in milliseconds': at((now) => ({ iat: now * 1000 })),
      'a negative not-before': user({ nbf: -1 }),
    },
    'RFC 7519 section 2: read as seconds, it expires in thousands of years': {
      'expired for ten years, in milliseconds': at((now) => ({ exp: (now - 315_360_000) * 1000 })),
      'an expiry in milliseconds': at((now) => ({ exp: (now + 600) * 1000 })),
    },
    'with a long lifetime it cannot be revoked for a long time': {
      'a lifetime of ten years': at((now) => ({ exp: now + 315_360_000 })),
      'a lifetime a minute longer than allowed': at((now, { target }) => ({
        exp: now + target.maxLifetimeSeconds + 60,
      })),
    },
    'RFC 9068 section 2.2: iat is required, and nothing is issued in the future': {
      'no time of issue': user({ iat: undefined }),
      'issued in an hour': at((now) => ({ iat: now + 3_600, exp: now + 4_200 })),
      'issued ahead by more than the allowed clock skew': at((now, { target }) => ({
        iat: now + target.clockSkewSeconds + 5,
        exp: now + 600,
      })),
      'issued in an hour, but already valid': at((now) => ({
        iat: now + 3_600,
        nbf: now - 10,
        exp: now + 4_200,
      })),
    },
    'no issuer intends this': {
      'expired before it was issued': at((now) => ({ iat: now + 20, exp: now + 10 })),
      'expired as it was issued': at((now) => ({ iat: now + 10, exp: now + 10 })),
    },
    [notYet]: { 'not to be used before it ends': at((now) => ({ nbf: now + 20, exp: now + 10 })) },
  }),
];
