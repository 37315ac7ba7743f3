import { isUtf8 } from 'node:buffer';

/** The parts of a token in JWS Compact Serialization (RFC 7515 section 7.1), still encoded. */
export interface Segments {
  readonly header: string;
  readonly claims: string;
  readonly signature: string;
}

export type Members = Readonly<Record<string, unknown>>;

/** In characters. A FusionAuth token is about 1 kB; a longer one is not worth parsing. */
export const longestToken = 8_192;

/** Splits a token at its first two dots; a third is no base64url. Undefined for what has fewer or is too long. */
export function segmentsOf(token: string): Segments | undefined {
  if (token.length > longestToken) return undefined;
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first < 1 || second < 0) return undefined;
  return {
    header: token.slice(0, first),
    claims: token.slice(first + 1, second),
    signature: token.slice(second + 1),
  };
}

/**
 * Decodes canonical base64url. Undefined for any other text: the decoder overlooks foreign characters and bits that
 * belong to no byte, so one signature would have several spellings, and a deny-list or cache keyed by the text could be
 * dodged (RFC 4648 section 3.5).
 */
export function bytesOf(segment: string): Buffer | undefined {
  const bytes = Buffer.from(segment, 'base64url');
  return bytes.length > 0 && bytes.toString('base64url') === segment ? bytes : undefined;
}

/** Parses a segment as a JSON object in UTF-8. Undefined for anything else, and where a member occurs twice. */
export function membersOf(segment: string): Members | undefined {
  const bytes = bytesOf(segment);
  if (!bytes || !isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return hasDuplicateMembers(text, value) ? undefined : (value as Members);
}

/** Reads header and claims without verifying anything. */
export function readCompactToken(token: string): { header: Members; claims: Members } | undefined {
  const segments = segmentsOf(token);
  if (!segments || !bytesOf(segments.signature)) return undefined;
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
 * Parsers differ in which of two equal members they believe (RFC 7515 section 4 demands refusal). JSON that comes out
 * again as it went in has lost no member; written otherwise, it has as many names in its text as members in its value
 * unless one occurs twice.
 */
const hasDuplicateMembers = (text: string, value: object): boolean =>
  JSON.stringify(value) !== text && namesIn(text) !== countMembers(value);

/** Counts the strings that a colon follows, in a text that is known to be JSON. */
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
