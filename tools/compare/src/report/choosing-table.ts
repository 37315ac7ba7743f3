import { findCell } from '../cells.js';
import type { Report, SectionId } from '../report.js';

/** The modes in the order in which a reader should try them, and when to use each. */
const takenWhen: readonly (readonly [mode: string, when: string])[] = [
  ['jwt/session', 'access must end within seconds; the choice in doubt'],
  ['jwt/local', 'traffic is high, and a lock may wait until the token expires'],
  ['jwt/local+push', 'access must end at once, without asking FusionAuth during a request'],
  ['jwt/introspection', 'a policy demands that the issuer is asked'],
  ['client-credentials', 'the client is a machine, and your plan has entities'],
  ['api-key', 'the client can send one fixed header and no more'],
  ['email-token', 'one fixed secret must belong to a user whom you can lock'],
];

/** A column: its title, and the places of its figure; the first place that applies to a mode counts. */
const columns: readonly (readonly [title: string, ...places: (readonly [SectionId, string])[]])[] = [
  ['CPU, new credential', ['cost', 'cpu-new']],
  ['CPU, known', ['cost', 'cpu-known']],
  ['calls to FusionAuth for 1,000 requests', ['calls', 'calls-100']],
  [
    'a locked user or deleted key is refused after',
    ['lag', 'lock-user/1'],
    ['lag', 'delete-key/1'],
    ['lag', 'delete-entity-grant/1'],
  ],
  ['new credentials accepted while FusionAuth is down', ['outage', 'refused/served-new']],
  ['a person must log in', ['set-up', 'human-steps']],
  ['plan', ['set-up', 'plan']],
];

/** Renders which strategy is for whom, with the figures of a report, as a Markdown table. */
export function choosingTable(report: Report): string {
  const rows = takenWhen.map(([mode, when]) => [
    `[${mode}](docs/strategies.md#${mode.replaceAll(/[^\w-]/g, '')})`,
    when,
    ...columns.map(([, ...places]) => figure(report, mode, places)),
  ]);
  return aligned([['strategy', 'take it when', ...columns.map(([title]) => title)], ...rows]);
}

function figure(report: Report, mode: string, places: readonly (readonly [SectionId, string])[]): string {
  for (const [section, row] of places) {
    const cell = findCell(report, { section, row, mode });
    if (cell?.value !== undefined) return short(cell.text);
  }
  throw new Error(
    `The report has no figure for ${mode} in ${places.map((place) => place.join(' ')).join(', ')}`,
  );
}

/** Returns a figure without the comments that the comparison's table has. */
function short(text: string): string {
  const [figure = ''] = text.split(/: | calls| \(/);
  return figure === 'not before it expires' ? 'expiry' : figure;
}

/** Formats a table as the formatter does. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0, fill)).join(' | ')} |`;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...rows.map((row) => line(row)),
  ].join('\n');
}

const [begin, end] = ['<!-- Made by `npm run compare -- --docs` -->', '<!-- End of what is made -->'];

/** Returns a document with the table between its two marks replaced. Throws where it has no marks. */
export function withChoosingTable(document: string, report: Report): string {
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`There are no lines "${begin}" and "${end}"`);
  return `${before}${begin}\n\n${choosingTable(report)}\n\n${end}${after}`;
}
