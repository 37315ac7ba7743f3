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

/** Without this, one signature has several spellings and a deny-list or cache keyed by the text can be dodged (RFC 4648 section 3.5). */
function isCanonical(segment: string): boolean {
  return Buffer.from(segment, 'base64url').toString('base64url') === segment;
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

const stringToken = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * Parsers differ in which of two equal members they believe (RFC 7515 section 4 demands refusal). Valid JSON has as
 * many member names in its text as members in its value, unless a name occurs twice.
 */
function hasDuplicateMembers(text: string, value: object): boolean {
  let named = 0;
  for (const match of text.matchAll(stringToken)) if (match[1]) named += 1;
  return named !== countMembers(value);
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((sum, child) => sum + countMembers(child), own);
}
