import type { HostileKind } from '../../tools/attack/src/corpus/kind.js';
import type { Results } from '../../tools/attack/src/outcome.js';

/** This project's guard in one mode, and its results for the corpus. */
export interface Column {
  readonly name: string;
  /** The guard's settings. */
  readonly settings: string;
  readonly results: Results;
}

/**
 * Other software. Only totals of its results are published: its users should find out themselves which requests it
 * refuses.
 */
export interface PeerCounts {
  readonly name: string;
  readonly settings: string;
  /** The checks that its vendor leaves to the user, and where the vendor says so. */
  readonly leftToUsers: string;
  readonly tried: number;
  readonly refused: number;
}

export const documentFile = 'docs/hostile-tokens.md';
export const documentSeed = 1;
export const documentMutations = 500;

const duties: Readonly<Record<HostileKind['owed'], string>> = {
  standard: 'any verifier’s',
  issuer: 'FusionAuth’s tokens',
  policy: 'stricter',
};

/** How a reader attacks an API, with the default addresses of the command and the Todo API. */
const howToTry: readonly string[] = [
  'To try it on an API of yours, in any language, point the API at the issuer that the command brings, then attack. For the Todo',
  'API:',
  '',
  '```sh',
  'FUSIONAUTH_URL=http://127.0.0.1:9012 FUSIONAUTH_ENTITY_ID=0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e npm run todo-api',
  'npm run attack -- --url http://127.0.0.1:3000 --role-path /todos    # in a second terminal',
  '```',
  '',
  '`npm run attack -- --help` says what any other API should expect of that issuer.',
  '',
];

/** Renders the document, from the results of one run and the kinds of the corpus. */
export function renderDocument(
  columns: readonly Column[],
  peers: readonly PeerCounts[],
  kinds: readonly HostileKind[],
): string {
  return [
    '# Hostile tokens',
    '',
    'What becomes of every kind of hostile request of `npm run attack` here: _let through of tried_. Made by',
    '`npm run hostile-tokens`; a test holds the counts to the corpus.',
    '',
    ...howToTry,
    ...table(
      ['group', ...columns.map(({ name }) => name)],
      [...groupsOf(columns), everyKind, 'legal, accepted'].map((group) => [
        group,
        ...columns.map(({ results }) => cell(results, group)),
      ]),
    ),
    '',
    `The mutations are ${documentMutations} good tokens spoiled at random (seed ${documentSeed}). Kinds that only a remote check can notice are tried`,
    'on the modes that make one, kinds about cookies where cookies are on.',
    '',
    ...columns.map(({ name, settings }) => `- **${name}**: ${settings}`),
    '',
    '## Other verifiers',
    '',
    'A library cannot know what FusionAuth signs or what an API wants of its tokens, so it leaves part of the checks to those',
    'who set it up. What that part is, its vendor says; how it does in your API, `npm run attack` says.',
    '',
    ...peers.flatMap(aboutPeer),
    '## What is refused, and why',
    '',
    '_any verifier’s_: an RFC asks any verifier of access tokens to refuse it. _FusionAuth’s tokens_: only who knows what',
    'FusionAuth signs can refuse it. _stricter_: beyond what the RFCs ask of a library, or left by them to the application;',
    'refused here for the reason given.',
    '',
    ...table(
      ['kind', 'whose job', 'why it is refused here'],
      kinds.map(({ group, name, owed, why }) => [`${group}: ${name}`, duties[owed], why]),
    ),
    '',
  ].join('\n');
}

const aboutPeer = ({ name, settings, leftToUsers, tried, refused }: PeerCounts): string[] => [
  `**${name}.** ${leftToUsers} Set up as its documents show (${settings}), without a check by the application, it refuses ${refused} of the ${tried} kinds that are not about roles.`,
  '',
];

const groupsOf = (columns: readonly Column[]): string[] =>
  [...new Set(columns.flatMap(({ results }) => results.hostile.map(({ kind }) => kind.group)))].sort(
    (one, other) => Number(one === 'mutations') - Number(other === 'mutations'),
  );

const everyKind = 'every kind';

/** Returns `let through of tried` for a group; accepted of tried for the legal ones. */
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

/** Escapes text that would end a cell or be emphasis. */
const escaped = (text: string) => text.replaceAll('|', String.raw`\|`).replaceAll('__', String.raw`\_\_`);

/** Formats a Markdown table as the formatter does. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heads, ...rows].map((row) => row.map(escaped));
  const widths = heads.map((_head, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...others] = all;
  return [line(first), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...others.map(line)];
}
