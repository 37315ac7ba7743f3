/** The odd primes up to 167: their product, with 2, divides the number from which the smallest of the weak keys were made. */
const primes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/** Whether a power of 65,537 leaves this remainder. Computed when asked: one of the first primes rules out most moduli. */
function isOfPower(remainder: number, prime: number): boolean {
  let power = 1;
  do {
    if (power === remainder) return true;
    power = (power * 65_537) % prime;
  } while (power !== 1);
  return false;
}

/**
 * Whether an RSA modulus is of the class that the library of one maker of smart cards and TPMs produced and that can be
 * factored (CVE-2017-15361, "ROCA"): both primes of such a key, and so their product, are powers of 65,537 modulo every
 * small prime. Of other moduli one in a billion is.
 */
export const isOfWeakClass = (modulus: bigint): boolean =>
  primes.every((prime) => isOfPower(Number(modulus % BigInt(prime)), prime));
