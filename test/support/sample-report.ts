import { atExpiry, type CellPlace, samePlace } from '../../tools/compare/src/cells.js';
import {
  type Cell,
  type Evidence,
  type Report,
  reportFormat,
  type Row,
  type Section,
  type SectionId,
} from '../../tools/compare/src/report.js';

const modes = [
  ['jwt/local', 'JWT, local'],
  ['jwt/local (passport-jwt)', 'JWT, local (passport-jwt)'],
  ['jwt/local+push', 'JWT, local, push revocation'],
  ['jwt/introspection', 'JWT, introspection'],
  ['jwt/session', 'JWT, session'],
  ['client-credentials', 'Client credentials'],
  ['api-key', 'API key'],
  ['email-token', 'E-mail and authentication token'],
] as const;

type Value = Cell['value'] | Partial<Cell>;
/** A row with its cell for each mode, in the order of the modes. */
type Line = [row: Row, cells: Value[]];

const measured: Evidence = { kind: 'measured' };
const documented: Evidence = { kind: 'as-documented', section: '7', tag: 'D' };
const none = (why: string): Partial<Cell> => ({ why, text: 'not applicable' });

function section(id: SectionId, question: string, evidence: Evidence, lines: Line[]): Section {
  const cells = lines.flatMap(([row, values]) =>
    values.map((value, at): Cell => {
      const cell = typeof value === 'object' ? value : { value };
      const text = `${cell.value}${row.unit ? ` ${row.unit}` : ''}`;
      return {
        mode: modes[at]![0],
        row: row.id,
        text,
        evidence,
        how: `How ${row.title} was measured.`,
        ...cell,
      };
    }),
  );
  return { id, title: id[0]!.toUpperCase() + id.slice(1), question, rows: lines.map(([row]) => row), cells };
}

const about = (value: number): Partial<Cell> => ({
  value,
  interval: [value * 0.96, value * 1.04],
  samples: 40,
  text: `${value}`,
});

const lagActions = {
  'delete-key': 'Delete the key',
  'expire-key': 'Let the key expire',
  'deactivate-user': 'Deactivate the user',
  'lock-user': 'Lock the user by an action',
  'delete-registration': 'Delete the registration',
  'remove-role': 'Remove the role',
  'revoke-refresh-token': 'Revoke this refresh token',
  'revoke-all-of-user': 'Revoke all of the user',
  'withdraw-signing-key': 'Withdraw the signing key',
  'delete-entity-grant': 'Delete the grant of the entity',
} as const;

/** When each mode notices an action: at expiry (-), within the cache time (+), or it does not apply. */
const noticed: Record<keyof typeof lagActions, string> = {
  'delete-key': '      + ',
  'expire-key': '      + ',
  'deactivate-user': '--+-+  +',
  'lock-user': '--+-+  +',
  'delete-registration': '--+-+  +',
  'remove-role': '----+   ',
  'revoke-refresh-token': '--+-+   ',
  'revoke-all-of-user': '--+-+   ',
  'withdraw-signing-key': '++++++  ',
  'delete-entity-grant': '     -  ',
};

const never: Partial<Cell> = { value: atExpiry, text: 'not before it expires', rating: 'poor' };

const lagLines = Object.entries(lagActions).flatMap(([action, title]) =>
  [0, 1].map((trust): Line => {
    const row = {
      id: `${action}/${trust}`,
      title: `${title}, cache time ${trust} s`,
      unit: 's',
      better: 'lower' as const,
    };
    const cells = Array.from(noticed[action as keyof typeof lagActions], (sign): Value => {
      if (sign === ' ') return none('there is none in this mode');
      const seconds = Math.round((0.06 + trust * 0.97) * 100) / 100;
      return sign === '-' ? never : { value: seconds, text: `${seconds} s`, rating: 'good', samples: 1 };
    });
    return [row, cells];
  }),
);

const timeLine = (during: number): [number, number][] =>
  Array.from({ length: 12 }, (_, second) => [second, second < 2 || second > 8 ? 1 : during]);

const outageLines = ['refused', 'hanging', 'error-500'].flatMap((fault): Line[] => {
  const served = [1, 1, 1, 0.6, 0.6, 1, 0.6, 0.6];
  const title = `FusionAuth ${fault}`;
  return [
    [
      { id: `${fault}/served`, title: `${title}: served`, better: 'higher' },
      served.map((share) => ({ value: share, text: `${share * 100} %`, points: timeLine(share) })),
    ],
    [
      { id: `${fault}/served-new`, title: `${title}: served, new credentials`, better: 'higher' },
      served.map((share) => (share < 1 ? 0 : 1)),
    ],
    [{ id: `${fault}/unavailable`, title: `${title}: 503` }, served.map((share) => 1 - share)],
    [{ id: `${fault}/unauthorized`, title: `${title}: 401` }, served.map(() => 0)],
    [
      { id: `${fault}/recovery`, title: `${title}: until all is served`, unit: 's' },
      served.map((share) => (share < 1 ? 1.2 : 0)),
    ],
  ];
});

const clientCounts = [1, 10, 100, 1_000, 10_000];
const callsOfCheck = [0, 0, 0, 1, 3, 0, 1, 1];
const callsBy = (clients: number, calls: number) => Math.round((calls * 1_000) / (1 + 500 / clients));
const curve = (calls: number): Partial<Cell> => ({
  text: 'see the chart',
  points: clientCounts.map((clients) => [clients, callsBy(clients, calls)]),
});

const callLines: Line[] = [
  ...[1, 100, 10_000].map((clients): Line => [
    {
      id: `calls-${clients}`,
      title: `Calls for 1,000 requests, ${clients} clients`,
      unit: 'calls',
      better: 'lower',
    },
    callsOfCheck.map((calls) => callsBy(clients, calls)),
  ]),
  [{ id: 'curve', title: 'The same, by number of clients' }, callsOfCheck.map(curve)],
  [{ id: 'formula', title: 'The same by the formula' }, callsOfCheck.map(curve)],
];

const booleans = (signs: string): boolean[] => Array.from(signs, (sign) => sign === '+');

const setUpLines: Line[] = [
  [{ id: 'steps', title: 'Steps', better: 'lower' }, [7, 7, 7, 7, 7, 6, 2, 1]],
  [{ id: 'human-steps', title: 'of them a person’s', better: 'lower' }, [1, 1, 1, 1, 1, 0, 0, 0]],
  [{ id: 'secrets', title: 'Secrets to guard', better: 'lower' }, [1, 1, 1, 1, 1, 1, 1, 1]],
  [
    { id: 'plan', title: 'Plan' },
    ['Community', 'Community', 'Community', 'Community', 'Community', 'Starter', 'Community', 'Community'],
  ],
  [{ id: 'renews-unattended', title: 'Renews unattended' }, booleans('++++++--')],
  [{ id: 'audited', title: 'Log-in recorded by FusionAuth' }, booleans('+++++--+')],
  [
    { id: 'first-200', title: 'From nothing to the first 200', unit: 's' },
    [1.1, 1.1, 1.3, 1.2, 1.2, 0.9, 0.7, 0.8],
  ],
];

const sections = (): Section[] => [
  section('cost', 'What does a request cost?', measured, [
    [
      { id: 'cpu-known', title: 'CPU, known credential', unit: 'µs', better: 'lower' },
      [21, 22, 22, 21, 21, 21, 22, 22].map(about),
    ],
    [
      { id: 'cpu-new', title: 'CPU, new credential', unit: 'µs', better: 'lower' },
      [92, 101, 94, 190, 260, 93, 240, 180].map(about),
    ],
    [
      { id: 'p50', title: 'Latency, p50', unit: 'ms', better: 'lower' },
      [0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6].map(about),
    ],
    [{ id: 'p99', title: 'Latency, p99', unit: 'ms', better: 'lower' }, [2, 2, 2, 3, 4, 2, 4, 3].map(about)],
    [
      { id: 'peak', title: 'Peak rate', unit: 'requests/s', better: 'higher' },
      [31, 30, 30, 30, 30, 31, 30, 30].map((thousands) => about(thousands * 1_000)),
    ],
    [
      { id: 'bytes', title: 'Bytes of a request', unit: 'bytes', better: 'lower' },
      [1_200, 1_200, 1_200, 1_200, 1_200, 1_100, 240, 250],
    ],
  ]),
  section('calls', 'How often is FusionAuth asked?', measured, callLines),
  section('lag', 'How long does a revoked credential keep working?', documented, lagLines),
  section('outage', 'What happens while FusionAuth is down?', measured, outageLines),
  section('set-up', 'What does it take to begin?', measured, setUpLines),
  section('blast-radius', 'What else does a leaked credential open?', documented, [
    [{ id: 'read-groups', title: 'Read groups' }, booleans('------+-')],
    [{ id: 'read-users', title: 'Read users' }, booleans('--------')],
    [{ id: 'refresh', title: 'Read the user’s claims' }, booleans('+++++---')],
    [{ id: 'opened', title: 'Calls opened', better: 'lower' }, [2, 2, 2, 2, 2, 0, 1, 0]],
  ]),
  section('migration', 'Can one move to another strategy without a failed request?', measured, [
    ...modes.map(([mode, title]): Line => [
      { id: `to/${mode}`, title: `to ${title}`, unit: 'failed' },
      modes.map(([from]) => (from === mode ? none('it is the same') : 0)),
    ]),
    [
      { id: 'old-can-go', title: 'When the old credential can be removed' },
      modes.map(() => 'credentials list shows its last use'),
    ],
  ]),
  section('tenants', 'Does a second tenant keep its users apart?', documented, [
    [{ id: 'same-email', title: 'One e-mail in two tenants' }, booleans('++++++++')],
    [{ id: 'foreign-credential', title: 'Refuses a foreign tenant’s credential' }, booleans('++++++++')],
  ]),
  section('clients', 'How do the guide’s other clients fare?', measured, [
    [{ id: 'calendar-syncer', title: 'Calendar Syncer', unit: 'calls' }, modes.map(() => 12)],
  ]),
];

/** Returns a whole report with made-up figures, in the shape of a real one. */
export const sampleReport = (): Report => ({
  format: reportFormat,
  made: {
    at: '2026-11-28T09:00:00.000Z',
    command: 'npm run compare -- --json sample.json',
    seconds: 240,
    complete: true,
    missing: [],
    machine: { cpu: 'Example CPU', cores: 2, memoryGb: 8, system: 'Linux 6.1' },
    versions: { gatehouse: '0.1.0', node: '24.21.0', fusionauth: 'sandbox', database: 'PGlite 0.5.16' },
  },
  modes: modes.map(([id, title]) => ({
    id,
    title,
    about: `About ${title}.`,
    environment: { AUTH_STRATEGY: id.startsWith('jwt') || id === 'client-credentials' ? 'jwt' : id },
  })),
  sections: sections(),
});

/** Returns a copy with one cell changed. */
export function withCell(report: Report, place: CellPlace, change: Partial<Cell>): Report {
  const copy = structuredClone(report);
  const cells = copy.sections.find(({ id }) => id === place.section)?.cells ?? [];
  const cell = cells.find(({ row, mode }) => samePlace(place, { section: place.section, row, mode }));
  if (!cell) throw new Error(`There is no cell ${place.section}, ${place.row}, ${place.mode}`);
  Object.assign(cell, change);
  return copy;
}

/** Returns a copy without one cell. */
export function withoutCell(report: Report, place: CellPlace): Report {
  const copy = structuredClone(report);
  for (const part of copy.sections) {
    if (part.id === place.section)
      part.cells = part.cells.filter(({ row, mode }) => !samePlace(place, { section: part.id, row, mode }));
  }

  return copy;
}
