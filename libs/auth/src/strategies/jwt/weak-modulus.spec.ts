import { randomBytes } from 'node:crypto';
import { isOfWeakClass } from './weak-modulus.js';

const primes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];
const product = primes.reduce((all, prime) => all * BigInt(prime), 2n);
const large = (bytes: number) => BigInt(`0x${randomBytes(bytes).toString('hex')}`);

/** Returns a power of 65,537 modulo the product of the small primes, plus a multiple of that product. */
const marked = (power: number, multiple: bigint) => (65_537n ** BigInt(power) % product) + multiple * product;

describe('a modulus of the class that can be factored', () => {
  it('is recognised for any power and any remainder', () => {
    for (let power = 0; power < 200; power += 1) expect(isOfWeakClass(marked(power, large(230)))).toBe(true);
  });

  it('is not one that lacks the mark modulo a single prime', () => {
    // Modulo some primes, such as 3 and 5, every remainder but zero is a power of 65,537.
    for (const prime of primes) {
      const step = product / BigInt(prime);
      const others = Array.from(
        { length: prime },
        (_, times) => marked(7, large(230)) + BigInt(times) * step,
      );
      expect([prime, others.every(isOfWeakClass)]).toEqual([prime, false]);
    }
  });

  it('is not any of a thousand random odd numbers', () => {
    for (let turn = 0; turn < 1_000; turn += 1) expect(isOfWeakClass(large(256) | 1n)).toBe(false);
  });
});
