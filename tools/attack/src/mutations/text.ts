import { malformed } from '../corpus/kind.js';
import { differing, type Family, family, goodToken, noted } from './family.js';
import type { Random } from './random.js';

const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
/** Characters that are not in a b64token (RFC 6750 section 2.1), but allowed in a header. */
const foreignCharacters = Array.from(' \t,;:"\'()<>@[]{}\\?&%$!*|^`#\u00a0\u00e9\u00ff');
const parts = ['header', 'claims', 'signature'] as const;

/** Returns the bytes of each part: a different encoding of the same bytes is in the corpus, not here. */
const bytesOf = (token: string): string =>
  token
    .split('.')
    .map((segment) => Buffer.from(segment, 'base64url').toString('hex'))
    .join('.');

function edited(token: string, random: Random): { readonly how: string; readonly text: string } {
  const at = random.below(token.length);
  const [before, after] = [token.slice(0, at), token.slice(at + 1)];
  switch (random.below(4)) {
    case 0:
      return { how: `letter ${at} replaced`, text: before + random.pick([...letters, '.']) + after };
    case 1:
      return { how: `letter ${at} removed`, text: before + after };
    case 2:
      return {
        how: `a letter put in at ${at}`,
        text: before + random.pick([...letters, '.', '~', '+', '/']) + token.slice(at),
      };
    default:
      return { how: `cut at ${at}`, text: before };
  }
}

const covered = 'RFC 8725 section 3.3: the signature covers every bit of header and claims';

/** Families that change the text of a token after it was signed. */
export const textFamilies: readonly Family[] = [
  family('a bit flipped', { why: covered, ids: ['JWT-3'], owed: 'standard' }, (mint, random) => {
    const segments = goodToken(mint, random).split('.');
    const part = random.below(3);
    const bytes = Buffer.from(segments[part] ?? '', 'base64url');
    const bit = random.below(bytes.length * 8);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    segments[part] = bytes.toString('base64url');
    return noted(`bit ${bit} of the ${parts[part] ?? ''}`, segments.join('.'));
  }),
  family(
    'a character changed',
    { why: covered, ids: ['JWT-3', 'JWT-15'], owed: 'standard' },
    (mint, random) => {
      const token = goodToken(mint, random);
      const { how, text } = differing(
        () => edited(token, random),
        // An empty part or a leading dot would be another grammar, not another token.
        (drawn) => bytesOf(drawn.text) !== bytesOf(token) && drawn.text !== '',
      );
      return noted(how, text);
    },
  ),
  family(
    'parts shuffled',
    {
      why: 'RFC 7515 section 5.2: header, claims and signature of one token, in this order',
      ids: ['JWT-3'],
      owed: 'standard',
    },
    (mint, random) => {
      const tokens = [goodToken(mint, random), goodToken(mint, random)];
      const pool = [...tokens.flatMap((token) => token.split('.')), random.bytes(12).toString('base64url')];
      const text = differing(
        () => Array.from({ length: 1 + random.below(5) }, () => random.pick(pool)).join('.'),
        (drawn) => !tokens.includes(drawn),
      );
      return noted(`${text.split('.').length} parts of two tokens`, text);
    },
  ),
  family(
    'a character that no token has',
    {
      why: 'RFC 6750 section 2.1: scheme, spaces, one token, nothing else',
      ids: ['OA-1'],
      owed: 'standard',
      refusal: malformed,
    },
    (mint, random) => {
      const token = goodToken(mint, random);
      // Not at an end, where header parsers remove white space.
      const at = 1 + random.below(token.length - 2);
      const character = random.pick(foreignCharacters);
      return noted(`${JSON.stringify(character)} at ${at}`, token.slice(0, at) + character + token.slice(at));
    },
  ),
  family(
    'a second Authorization header',
    {
      why: 'RFC 9110 section 5.3: the proxy may have judged another header than the server reads',
      ids: ['OA-1'],
      owed: 'standard',
      refusal: malformed,
    },
    (mint, random) => {
      const name = () => random.pick(['Authorization', 'authorization', 'AUTHORIZATION', 'AuthoriZation']);
      const good = [name(), `Bearer ${goodToken(mint, random)}`] as const;
      const other = [
        name(),
        random.pick([
          '',
          'Bearer',
          'Bearer x',
          'Basic YTpi',
          'Digest a="b"',
          `Bearer ${goodToken(mint, random)}`,
        ]),
      ] as const;
      return { headers: random.below(2) === 0 ? [good, other] : [other, good], note: other[1].slice(0, 12) };
    },
  ),
];
