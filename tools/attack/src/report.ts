import { aligned } from '#gatehouse/platform';
import type { HostileKind } from './corpus/kind.js';
import type { Results, TriedHostile } from './outcome.js';

/** The text of the report for each `owed`. */
const duties: Readonly<Record<HostileKind['owed'], string>> = {
  standard: 'any verifier’s job',
  issuer: 'required by FusionAuth’s tokens',
  policy: 'stricter than the RFCs',
};

/** Renders the run as text: a table by group, then everything unexpected by name. */
export function report({ hostile, legal, lured }: Results): string {
  const wrong = (outcome: TriedHostile['outcome']) => hostile.filter((one) => one.outcome === outcome);
  const refused = legal.filter(({ outcome }) => outcome !== 'accepted');
  const accepted = wrong('accepted');
  return [
    ...table(hostile),
    ...section(`LET THROUGH (${accepted.length})`, accepted.flatMap(described)),
    ...section(
      `FAILED: 500 or more, or no answer (${wrong('failed').length})`,
      wrong('failed').flatMap(described),
    ),
    ...section(
      `UNCLEAR: neither admitted nor refused (${wrong('unclear').length}). 429: allow more refusals. 404: check --path.`,
      wrong('unclear').flatMap(described),
    ),
    ...section(
      `LEGAL, BUT NOT ACCEPTED (${refused.length} of ${legal.length}). Intended? Skip some with --algorithms or --entity none.`,
      refused.map(({ kind, answer }) => `  ${kind.name}: ${answerText(answer)}`),
    ),
    ...section(
      `REQUESTED ALTHOUGH ONLY A TOKEN NAMED IT (${lured.length}): RFC 8725 section 3.10`,
      lured.map((path) => `  ${path}`),
    ),
    '',
    summary(hostile, legal.length - refused.length, legal.length),
    '',
  ].join('\n');
}

function table(hostile: readonly TriedHostile[]): string[] {
  const groups = [...new Set(hostile.map(({ kind }) => kind.group))];
  const rows = groups.map((group) => {
    const among = hostile.filter(({ kind }) => kind.group === group);
    const count = (outcome: TriedHostile['outcome']) => among.filter((one) => one.outcome === outcome).length;
    return [group, among.length, count('refused'), count('accepted'), count('failed'), count('unclear')];
  });
  const heads = ['group', 'tried', 'refused', 'let through', 'failed', 'unclear'];
  return aligned([heads, ...rows]);
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

function described({ kind, answer, note }: TriedHostile): string[] {
  const what = note === undefined ? kind.name : `${kind.name}: ${note}`;
  return [
    `  ${kind.group}: ${what}`,
    `    answered ${answerText(answer)}; ${duties[kind.owed]} (${kind.ids.join(', ')})`,
    `    ${kind.why}`,
  ];
}

const answerText = (answer: TriedHostile['answer']): string =>
  answer === undefined ? 'nothing' : [answer.status, answer.code].filter(Boolean).join(' ');

function summary(hostile: readonly TriedHostile[], accepted: number, legal: number): string {
  const through = hostile.filter(({ outcome }) => outcome === 'accepted');
  const owed = (name: HostileKind['owed']) => through.filter(({ kind }) => kind.owed === name).length;
  const parts = (Object.keys(duties) as HostileKind['owed'][]).map((name) => `${owed(name)} ${duties[name]}`);
  return [
    `${through.length} of ${hostile.length} hostile requests were let through${through.length === 0 ? '' : ` (${parts.join(', ')})`};`,
    `${accepted} of ${legal} legal ones were accepted.`,
  ].join(' ');
}

/** Returns the run as data, for scripts. */
export function resultJson({ hostile, legal, lured }: Results, run: object): object {
  return {
    ...run,
    hostile: hostile.map(({ kind, answer, outcome, note }) => ({
      group: kind.group,
      name: kind.name,
      ids: kind.ids,
      owed: kind.owed,
      outcome,
      ...answer,
      ...(note === undefined ? {} : { note }),
    })),
    legal: legal.map(({ kind, answer, outcome }) => ({ name: kind.name, outcome, ...answer })),
    lured,
  };
}
