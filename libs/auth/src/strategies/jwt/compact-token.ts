/** The two readable parts of a token in JWS Compact Serialization (RFC 7515 section 7.1). */
export interface CompactToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const segments = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;
// A FusionAuth token is about 1 kB; a longer one is not worth parsing.
const longest = 8_192;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a token without verifying anything. Undefined for anything but canonical base64url of two JSON objects. */
export function readCompactToken(token: string): CompactToken | undefined {
  if (token.length > longest) return undefined;
  const [, header, claims, signature] = segments.exec(token) ?? [];
  if (!header || !claims || !signature || !isCanonical(signature)) return undefined;
  const parsed = { header: parseObject(header), claims: parseObject(claims) };
  return parsed.header && parsed.claims ? { header: parsed.header, claims: parsed.claims } : undefined;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Without this, one signature has several spellings and a deny-list or cache keyed by the text can be dodged (RFC 4648
 * section 3.5): the last letter carries bits that belong to no byte, and they must be zero.
 */
function isCanonical(segment: string): boolean {
  const over = segment.length % 4;
  if (over === 0) return true;
  const last = alphabet.indexOf(segment.charAt(segment.length - 1));
  return over === 2 ? (last & 15) === 0 : over === 3 && (last & 3) === 0;
}

function parseObject(segment: string): Readonly<Record<string, unknown>> | undefined {
  if (!isCanonical(segment)) return undefined;
  try {
    const text = utf8.decode(Buffer.from(segment, 'base64url'));
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return hasDuplicateMembers(text, value) ? undefined : (value as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

/**
 * Parsers differ in which of two equal members they believe (RFC 7515 section 4 demands refusal). Valid JSON has as
 * many member names in its text as members in its value, unless a name occurs twice.
 */
const hasDuplicateMembers = (text: string, value: object): boolean => namesIn(text) !== countMembers(value);

/** Strings that a colon follows, in a text that is known to be JSON. */
function namesIn(text: string): number {
  let names = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    at = endOfString(text, at);
    let next = at + 1;
    while (isSpace(text.charCodeAt(next))) next += 1;
    if (text.charAt(next) === ':') names += 1;
  }
  return names;
}

/** The quote that ends the string which begins at `start`: the next one without an odd number of backslashes before. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charAt(quote - 1 - slashes) === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote;
  }
  return text.length;
}

/** RFC 8259 section 2. */
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((sum, child) => sum + countMembers(child), own);
}
