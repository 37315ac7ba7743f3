import { bearer, group } from '../kind.js';
import type { Mint } from '../mint.js';

const kind = group('size', { ids: ['JWT-7', 'JWT-15'], owed: 'policy' });
const unsigned = { owed: 'standard' } as const;

/** A good token filled up to so many characters, or the next possible number above. */
export function filled(mint: Mint, characters: number): string {
  const empty = mint.token({ note: '' }).length;
  return mint.token({ note: 'x'.repeat(Math.ceil(((characters - empty) * 3) / 4)) });
}

/** Signed by a stranger under a known id: whatever it costs to read must not be paid to whoever cannot sign. */
const strangers = (payload: (mint: Mint) => string) => (mint: Mint) =>
  bearer(mint.jws({ header: mint.header(), key: mint.keys.strangers.rsa, payload: payload(mint) }));

const withNote = (mint: Mint, note: string) =>
  `${JSON.stringify(mint.claims()).slice(0, -1)},"note":${note}}`;
const cost = 'whatever it costs to read must not be paid to whoever cannot sign';

export const sizes = [
  kind(
    'a good token just beyond 8 kB',
    'FusionAuth’s have one kB; a longer one is not worth parsing',
    (mint) => bearer(filled(mint, 8_193)),
  ),
  kind('a good token of 12 kB', 'FusionAuth’s have one kB; a longer one is not worth parsing', (mint) =>
    bearer(filled(mint, 12_000)),
  ),
  kind('14 kB of dots', cost, () => bearer('.'.repeat(14_000)), unsigned),
  kind('14 kB of one letter', cost, () => bearer('A'.repeat(14_000)), unsigned),
  kind('a signature of 10 kB', cost, (mint) => bearer(`${mint.token()}${'A'.repeat(10_000)}`), unsigned),
  kind(
    'claims nested two thousand deep',
    cost,
    strangers((mint) => withNote(mint, '['.repeat(2_000) + ']'.repeat(2_000))),
    unsigned,
  ),
  kind(
    'objects nested eight hundred deep',
    cost,
    strangers((mint) => withNote(mint, '{"a":'.repeat(800) + '1' + '}'.repeat(800))),
    unsigned,
  ),
  kind(
    'a thousand members',
    cost,
    strangers((mint) =>
      withNote(mint, `{${Array.from({ length: 700 }, (_, index) => `"m${index}":0`).join()}}`),
    ),
    unsigned,
  ),
  kind(
    'a number of four thousand digits',
    cost,
    strangers((mint) => withNote(mint, '9'.repeat(4_000))),
    unsigned,
  ),
  kind(
    'four thousand quotation marks',
    cost,
    strangers((mint) => withNote(mint, `"${String.raw`\"`.repeat(2_000)}"`)),
    unsigned,
  ),
  kind('a key id of 4 kB', cost, (mint) => bearer(mint.token({}, { kid: 'k'.repeat(4_000) })), unsigned),
  kind(
    'an audience of two hundred others',
    'RFC 8725 section 3.9: ours must be among them',
    (mint) =>
      bearer(mint.token({ aud: Array.from({ length: 150 }, (_, index) => `https://${index}.example`) })),
    { ...unsigned, ids: ['JWT-9'] },
  ),
];
