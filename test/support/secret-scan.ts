/** A shorter text would be found by chance. */
const shortest = 12;
const bits = 20;
// A global costs a look-up in Jest's sandbox each time.
const { imul } = Math;

interface Spelled {
  readonly text: string;
  /** The name in reports, which must not contain the secret; for example `password, base64`. */
  readonly name: string;
}

/**
 * Searches everything that was written for everything that was issued: raw, percent-encoded, in base64 and base64url,
 * there also as a part of something longer. Thousands of secrets cost no more than one: each position of a text is
 * looked up by the hash of the characters before it (Rabin and Karp), with which each spelling ends.
 */
export class SecretScan {
  readonly #known = new Set<string>();
  readonly #endings = new Map<number, Spelled[]>();
  /** Whether some ending may have a hash with these upper bits, which avoids most look-ups. */
  readonly #possible = new Uint8Array(2 ** bits);
  #characters = 0;

  /** The number of secrets searched for. */
  get size(): number {
    return this.#known.size;
  }

  /** The number of characters searched. */
  get characters(): number {
    return this.#characters;
  }

  /** Adds secrets to search for; `what` is their name in a report. Of a token the signature is searched for too. */
  learn(what: string, ...secrets: readonly string[]): void {
    for (const secret of secrets) {
      if (secret.length < shortest)
        throw new Error(`a ${what} of ${secret.length} characters cannot be searched for`);
      if (this.#known.has(secret)) continue;
      this.#known.add(secret);
      const signature = /^eyJ[\w-]+\.[\w-]+\.([\w-]{12,})$/.exec(secret)?.[1];
      const spelled = [...spellings(secret), ...(signature ? [['signature', signature] as const] : [])];
      for (const [how, text] of spelled) this.#learn({ text, name: `${what}, ${how}` });
    }
  }

  /** Returns the secrets found in the text, each with the text before it. */
  find(text: string): string[] {
    const found: string[] = [];
    let hash = 0;
    for (let end = 1; end <= text.length; end += 1) {
      const left = end > shortest ? text.charCodeAt(end - shortest - 1) : 0;
      hash = step(hash, left, text.charCodeAt(end - 1));
      if (this.#possible[hash >>> (32 - bits)] !== 1) continue;
      const here = this.#endings.get(hash)?.filter((one) => text.startsWith(one.text, end - one.text.length));
      for (const { name, text: secret } of here ?? []) {
        const at = end - secret.length;
        found.push(`${name}, after ${JSON.stringify(text.slice(Math.max(0, at - 60), at))}`);
      }
    }
    this.#characters += text.length;
    return found;
  }

  #learn(spelled: Spelled): void {
    const hash = hashOfEnd(spelled.text);
    const others = this.#endings.get(hash) ?? [];
    if (others.some(({ text }) => text === spelled.text)) return;
    this.#endings.set(hash, [...others, spelled]);
    this.#possible[hash >>> (32 - bits)] = 1;
  }
}

const base = 1_000_003;
const power = Array.from({ length: shortest }).reduce<number>((product) => imul(product, base), 1);

/** Returns the hash of the last characters, with a new one and without the one that drops out. */
const step = (hash: number, left: number, next: number): number =>
  (imul(hash, base) + next - imul(left, power)) | 0;

function hashOfEnd(text: string): number {
  let hash = 0;
  for (let at = text.length - shortest; at < text.length; at += 1) hash = step(hash, 0, text.charCodeAt(at));
  return hash;
}

function spellings(secret: string): (readonly [how: string, text: string])[] {
  return [
    ['raw', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    ...(['base64', 'base64url'] as const).flatMap((encoding) =>
      [0, 1, 2].map((shift) => ['base64', encodedInside(secret, encoding, shift)] as const),
    ),
  ];
}

/** Returns the bytes in base64 behind `shift` others, without the characters that depend on their neighbours. */
function encodedInside(secret: string, encoding: 'base64' | 'base64url', shift: number): string {
  const bytes = Buffer.from(' '.repeat(shift) + secret);
  const whole = bytes.toString(encoding).replace(/=+$/, '');
  return whole.slice(shift === 0 ? 0 : shift + 1, Math.floor((bytes.length * 4) / 3));
}
