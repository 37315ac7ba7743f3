/**
 * The odd primes up to 167. Their product times 2 divides the constant that was used to generate the smallest of the
 * weak keys.
 */
const primes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/** Tells whether a power of 65,537 leaves this remainder. Not precomputed: the first few primes rule out most moduli. */
function isOfPower(remainder: number, prime: number): boolean {
  let power = 1;
  do {
    if (power === remainder) return true;
    power = (power * 65_537) % prime;
  } while (power !== 1);
  return false;
}

/**
 * Tells whether an RSA modulus is of the factorable class that the library of one maker of smart cards and TPMs
 * generated (CVE-2017-15361, "ROCA"): both primes of such a key, and therefore their product, are powers of 65,537 modulo
 * every small prime. About one in a billion other moduli is.
 */
export const isOfWeakClass = (modulus: bigint): boolean =>
  primes.every((prime) => isOfPower(Number(modulus % BigInt(prime)), prime));
