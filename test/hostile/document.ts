import type { HostileKind } from '../../tools/attack/src/corpus/kind.js';
import type { Results } from '../../tools/attack/src/outcome.js';

/** One verifier and what became of the corpus there. */
export interface Column {
  readonly name: string;
  /** How it was set up. */
  readonly settings: string;
  /** This project's own guard, which must let nothing through. */
  readonly ours: boolean;
  readonly results: Results;
}

export const documentFile = 'docs/hostile-tokens.md';
export const documentSeed = 1;
export const documentMutations = 500;

const duties: Readonly<Record<HostileKind['owed'], string>> = {
  standard: 'any verifier’s',
  issuer: 'FusionAuth’s tokens',
  policy: 'stricter',
};

/** The document, from the results of one run. */
export function renderDocument(columns: readonly Column[]): string {
  const peers = columns.filter(({ ours }) => !ours);
  return [
    '# Hostile tokens',
    '',
    'What becomes of every kind of hostile request of `npm run attack` here and elsewhere: _let through of tried_. Made by',
    '`npm run hostile-tokens`; a test holds the counts to the corpus.',
    '',
    ...table(
      ['group', ...columns.map(({ name }) => name)],
      [...groupsOf(columns), everyKind, 'legal, accepted'].map((group) => [
        group,
        ...columns.map(({ results }) => cell(results, group)),
      ]),
    ),
    '',
    ...peers.map(({ name, results }) => `- **${name}** lets through ${sharesOf(results)}.`),
    '',
    `The mutations are ${documentMutations} good tokens spoiled at random (seed ${documentSeed}). Kinds that only a remote check can notice are tried`,
    'on the modes that make one, kinds about cookies where cookies are on; kinds about roles are not tried on the others,',
    'which leave roles to the application.',
    '',
    '## How each was set up',
    '',
    ...columns.map(({ name, settings }) => `- **${name}**: ${settings}`),
    '',
    '## What is let through elsewhere, by name',
    '',
    '_any verifier’s_: an RFC asks any verifier of access tokens to refuse it. _FusionAuth’s tokens_: only who knows what',
    'FusionAuth signs can refuse it, so it is not that library’s job. _stricter_: beyond what the RFCs ask of a library, or',
    'left by them to the application; refused here for the reason given.',
    '',
    ...table(
      ['kind', ...peers.map(({ name }) => name), 'whose job', 'why it is refused here'],
      throughSomewhere(peers).map((kind) => [
        `${kind.group}: ${kind.name}`,
        ...peers.map(({ results }) => (letThrough(results, kind) ? 'let through' : '')),
        duties[kind.owed],
        kind.why,
      ]),
    ),
    '',
    ...peers.flatMap(refusedLegal),
  ].join('\n');
}

const groupsOf = (columns: readonly Column[]): string[] =>
  [...new Set(columns.flatMap(({ results }) => results.hostile.map(({ kind }) => kind.group)))].sort(
    (one, other) => Number(one === 'mutations') - Number(other === 'mutations'),
  );

const everyKind = 'every kind';

/** `let through of tried` for a group; accepted of tried for the legal ones. */
export function cell({ hostile, legal }: Results, group: string): string {
  if (group === 'legal, accepted')
    return `${legal.filter(({ outcome }) => outcome === 'accepted').length} of ${legal.length}`;
  const among = hostile.filter(({ kind }) =>
    group === everyKind ? kind.group !== 'mutations' : kind.group === group,
  );
  return among.length === 0
    ? 'not tried'
    : `${among.filter(({ outcome }) => outcome === 'accepted').length} of ${among.length}`;
}

/** How many of the kinds let through are whose job. */
function sharesOf({ hostile }: Results): string {
  const through = hostile.filter(({ kind, outcome }) => kind.group !== 'mutations' && outcome === 'accepted');
  const count = (owed: HostileKind['owed']) => through.filter(({ kind }) => kind.owed === owed).length;
  return `${count('standard')} kinds that are any verifier’s job, ${count('issuer')} that only who knows FusionAuth’s tokens can refuse, ${count('policy')} where this project is stricter`;
}

const letThrough = ({ hostile }: Results, { group, name }: HostileKind): boolean =>
  hostile.some(({ kind, outcome }) => kind.group === group && kind.name === name && outcome === 'accepted');

function throughSomewhere(peers: readonly Column[]): HostileKind[] {
  const kinds = peers.flatMap(({ results }) => results.hostile.map(({ kind }) => kind));
  const named = new Map(kinds.map((kind) => [`${kind.group}: ${kind.name}`, kind]));
  const order = Object.keys(duties);
  return [...named.values()]
    .filter(({ group }) => group !== 'mutations')
    .filter((kind) => peers.some(({ results }) => letThrough(results, kind)))
    .sort((one, other) => order.indexOf(one.owed) - order.indexOf(other.owed));
}

function refusedLegal({ name, results: { legal } }: Column): string[] {
  const refused = legal.filter(({ outcome }) => outcome !== 'accepted');
  return refused.length === 0
    ? []
    : [`Legal and yet refused by ${name}: ${refused.map(({ kind }) => kind.name).join('; ')}.`, ''];
}

/** A Markdown table, as the formatter wants it. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heads, ...rows].map((row) => row.map((text) => text.replaceAll('|', String.raw`\|`)));
  const widths = heads.map((_head, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...others] = all;
  return [line(first), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...others.map(line)];
}
