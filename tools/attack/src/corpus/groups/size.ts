import { kinds } from '../kind.js';
import { bearer, header, type Make, sent, signed, user } from '../make.js';
import type { Mint } from '../mint.js';

/** Returns a valid token padded to this many characters, or the next possible number above. */
export function filled(mint: Mint, characters: number): string {
  const empty = mint.token({ note: '' }).length;
  return mint.token({ note: 'x'.repeat(Math.ceil(((characters - empty) * 3) / 4)) });
}

/** Signs valid claims with a note in JSON by an unknown key under a known id. */
const strangers = (note: string): Make =>
  signed((mint) => ({
    header: mint.header(),
    key: mint.keys.strangers.rsa,
    payload: `${JSON.stringify(mint.claims()).slice(0, -1)},"note":${note}}`,
  }));

const group = 'size';
const ids = ['JWT-7', 'JWT-15'];
const members = Array.from({ length: 700 }, (_, index) => `"m${index}":0`);

export const sizes = [
  ...kinds(group, { ids, owed: 'policy' })({
    'FusionAuth’s have one kB; a longer one is not worth parsing': {
      'a good token just beyond 8 kB': sent((mint) => filled(mint, 8_193)),
      'a good token of 12 kB': sent((mint) => filled(mint, 12_000)),
    },
  }),
  ...kinds(group, { ids })({
    'a caller that cannot sign must not cause costly parsing': {
      '14 kB of dots': () => bearer('.'.repeat(14_000)),
      '14 kB of one character': () => bearer('A'.repeat(14_000)),
      'a signature of 10 kB': sent((mint) => `${mint.token()}${'A'.repeat(10_000)}`),
      'claims nested two thousand deep': strangers('['.repeat(2_000) + ']'.repeat(2_000)),
      'objects nested eight hundred deep': strangers('{"a":'.repeat(800) + '1' + '}'.repeat(800)),
      'a thousand members': strangers(`{${members.join()}}`),
      'a number of four thousand digits': strangers('9'.repeat(4_000)),
      'four thousand quotation marks': strangers(`"${String.raw`\"`.repeat(2_000)}"`),
      'a key id of 4 kB': header({ kid: 'k'.repeat(4_000) }),
    },
  }),
  ...kinds(group, { ids: ['JWT-9'] })({
    'RFC 8725 section 3.9: ours must be among them': {
      'an audience of two hundred others': user({
        aud: Array.from({ length: 150 }, (_, index) => `https://${index}.example`),
      }),
    },
  }),
];
