/** The odd primes up to 167: their product, with 2, divides the number from which the smallest of the weak keys were made. */
const primes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/** Of each prime, the remainders that a power of 65,537 leaves. */
const remainders = primes.map((prime) => {
  const found = new Set<number>();
  for (let power = 1; !found.has(power); power = (power * 65_537) % prime) found.add(power);
  return { prime: BigInt(prime), found };
});

/**
 * Whether an RSA modulus is of the class that the library of one maker of smart cards and TPMs produced and that can be
 * factored (CVE-2017-15361, "ROCA"): both primes of such a key, and so their product, are powers of 65,537 modulo every
 * small prime. Of other moduli one in a billion is.
 */
export const isOfWeakClass = (modulus: bigint): boolean =>
  remainders.every(({ prime, found }) => found.has(Number(modulus % prime)));
