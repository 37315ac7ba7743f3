import { isUtf8 } from 'node:buffer';

/** The parts of a token in JWS Compact Serialization (RFC 7515 section 7.1), still encoded. */
export interface Segments {
  readonly header: string;
  readonly claims: string;
  readonly signature: string;
}

export type Members = Readonly<Record<string, unknown>>;

/** In characters. A FusionAuth token is about 1 kB; a longer one than this is not parsed. */
export const maxTokenLength = 8_192;

/**
 * Splits a token at its first two dots; a third is not base64url. Returns undefined for a text that has fewer, is too
 * long or is not ASCII, because the decoder would use the low byte of other characters.
 */
export function segmentsOf(token: string): Segments | undefined {
  if (token.length > maxTokenLength || Buffer.byteLength(token) !== token.length) return undefined;
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first < 1 || second < 0) return undefined;
  return {
    header: token.slice(0, first),
    claims: token.slice(first + 1, second),
    signature: token.slice(second + 1),
  };
}

/** Holds the bytes of one segment at a time, which avoids an allocation for each. */
const scratch = Buffer.allocUnsafeSlow(maxTokenLength);

/**
 * Decodes canonical base64url; the bytes are valid until the next call. Undefined for any other text. The decoder
 * ignores foreign characters, padding and unused bits, so one signature would have several spellings, which could
 * evade a deny-list or cache keyed by the text (RFC 4648 section 3.5).
 */
function bytesOf(segment: string): Buffer | undefined {
  const bytes = scratch.subarray(0, scratch.write(segment, 'base64url'));
  const everyCharacterCounts = bytes.length > 0 && bytes.length === Math.floor(segment.length * 0.75);
  return everyCharacterCounts && endsWithItsBytes(segment) && !hasPlainBase64(segment) ? bytes : undefined;
}

/** Tells whether the unused bits of the last character are zero. */
function endsWithItsBytes(segment: string): boolean {
  const last = segment.charAt(segment.length - 1);
  switch (segment.length % 4) {
    case 0:
      return true;
    case 2:
      return 'AQgw'.includes(last);
    case 3:
      // cspell:ignore AEIMQU Ycgkosw
      return 'AEIMQUYcgkosw048'.includes(last);
    default:
      return false;
  }
}

/** Tells whether it contains characters of plain base64, which the decoder treats as `-` and `_`. */
const hasPlainBase64 = (segment: string): boolean => segment.includes('+') || segment.includes('/');

/** Tells whether a segment is canonical base64url of at least one byte. */
export const isEncoded = (segment: string): boolean => bytesOf(segment) !== undefined;

/** Parses a segment as a JSON object in UTF-8. Undefined for anything else, and if a member occurs twice. */
export function membersOf(segment: string): Members | undefined {
  const bytes = bytesOf(segment);
  if (!bytes || !isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return hasDuplicateMembers(text, value) ? undefined : (value as Members);
}

/** Reads header and claims without verifying anything; undefined for any other text. */
export function readCompactToken(token: string): { header: Members; claims: Members } | undefined {
  const segments = segmentsOf(token);
  if (!segments || !isEncoded(segments.signature)) return undefined;
  const header = membersOf(segments.header);
  const claims = membersOf(segments.claims);
  return header && claims ? { header, claims } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Tells whether a member occurs twice: parsers differ in which of the two they use (RFC 7515 section 4 requires
 * refusal). `text` is the JSON of `value`, which has a member for each name in the text unless one occurs twice.
 */
function hasDuplicateMembers(text: string, value: object): boolean {
  const members = countMembers(value);
  return namesAtMost(text) !== members && namesIn(text) !== members;
}

const quote = 0x22;

/**
 * Counts the colons that may follow a name: those after a quote or white space. Never fewer than the number of names.
 */
function namesAtMost(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1))
    if (text.charCodeAt(at - 1) <= quote) count += 1;

  return count;
}

/** Counts the colons outside strings, one for each name. */
const namesIn = (text: string): number => text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '').split(':').length - 1;

/** Counts the members of an object and of all nested objects. */
function countMembers(value: object): number {
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value as unknown[])
      if (typeof item === 'object' && item !== null) count += countMembers(item);
    return count;
  }
  for (const name in value) {
    count += 1;
    const child: unknown = value[name as never];
    if (typeof child === 'object' && child !== null) count += countMembers(child);
  }
  return count;
}
