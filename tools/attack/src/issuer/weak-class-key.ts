import { checkPrimeSync, createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';

const exponent = 65_537n;
const primes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
  107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];
const product = primes.reduce((all, prime) => all * BigInt(prime), 1n);
const half = 1_024n;

const randomBelow = (limit: bigint): bigint => BigInt(`0x${randomBytes(160).toString('hex')}`) % limit;

function power(base: bigint, times: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus];
  for (let left = times; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function inverse(of: bigint, modulus: bigint): bigint {
  let [previous, current, before, now] = [modulus, of % modulus, 0n, 1n];
  while (current > 1n) {
    const times = previous / current;
    [previous, current] = [current, previous - times * current];
    [before, now] = [now, before - times * now];
  }
  return now < 0n ? now + modulus : now;
}

/**
 * Returns a prime of 1,024 bits, the upper two of them set, that is a power of 65,537 modulo the product of the small
 * primes.
 */
function weakPrime(): bigint {
  const [least, room] = [(3n << (half - 2n)) / product + 1n, (1n << (half - 2n)) / product - 2n];
  for (;;) {
    const multiple = (least + randomBelow(room)) * product;
    const candidate = multiple + power(exponent, randomBelow(product), product);
    if ((candidate - 1n) % exponent !== 0n && checkPrimeSync(candidate)) return candidate;
  }
}

/**
 * Generates a key with the mark of CVE-2017-15361 ("ROCA"), which verifiers recognize: both primes are powers of 65,537
 * modulo every small prime. It has only the mark: the rest of its primes is random, so the key cannot be attacked.
 */
export function weakClassKey(): KeyObject {
  const [p, q] = [weakPrime(), weakPrime()];
  const d = inverse(exponent, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: exponent, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, base64url(value)]));
  return createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' });
}

function base64url(value: bigint): string {
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex').toString('base64url');
}
