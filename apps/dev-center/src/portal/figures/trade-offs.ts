import { type IssuerName, issuers } from '../../issuers/index.js';
import type { ComparisonRecord } from './record.js';

/** The figures of one way to guard the API. */
export interface Figures {
  readonly calls: string;
  readonly lag: string;
  readonly renews: string;
}

const notMeasured = 'not measured';

export function figuresOf(record: ComparisonRecord | undefined, strategy: IssuerName, mode: string): Figures {
  const cell = (section: string, row: string) => record?.cell(section, row, mode) ?? notMeasured;
  return {
    // A cell also contains the result of the formula.
    calls: cell('calls', 'calls-100').replace(/ calls.*| \(formula.*/, ''),
    lag: rounded(cell('lag', `${issuers[strategy].measured.ending}/1`)),
    renews: cell('set-up', 'renews-unattended').replace(/:.*/, ''),
  };
}

const rounded = (text: string): string =>
  text.replace(/^(\d+\.\d+) s$/, (_whole, seconds: string) => `${Number(seconds).toFixed(1)} s`);

/**
 * Returns the advantages and disadvantages of a kind of credential, in three lines. `validation` is the Todo API's
 * JWT_VALIDATION.
 */
export function tradeOffs(
  record: ComparisonRecord | undefined,
  strategy: IssuerName,
  validation = 'local',
): readonly string[] {
  const { modes } = issuers[strategy].measured;
  const mode = (modes.find(({ title }) => title === validation) ?? modes[0])?.id ?? '';
  const { calls, lag, renews } = figuresOf(record, strategy, mode);
  const outage = record?.cell('outage', 'refused/served-new', mode) ?? notMeasured;
  const { secret } = issuers[strategy];
  return [
    `FusionAuth is called ${calls} times for 1,000 requests of 100 clients; ${outage} of new credentials are served while it is down.`,
    `Once its access is revoked it ${refusals[lag] ?? `is refused after ${lag}`}, measured with answers of FusionAuth cached for 1 s.`,
    `${renewals[renews] ?? `Renewed without a person: ${renews}.`} Calls of FusionAuth itself that ${secret} permits if it leaks: ${openedCalls(record, mode)}.`,
  ];
}

/** Returns the number of calls that a leaked credential permits, with the title of each. */
function openedCalls(record: ComparisonRecord | undefined, mode: string): string {
  const [count = notMeasured, ids] = record?.cell('blast-radius', 'opened', mode)?.split(': ') ?? [];
  if (ids === undefined) return count;
  const titles = ids.split(', ').map((id) => record?.title('blast-radius', id) ?? id);
  return `${count} (${titles.map((title) => title.replace(/^./, (first) => first.toLowerCase())).join('; ')})`;
}

const refusals: Readonly<Record<string, string>> = {
  '0 s': 'is refused immediately',
  'not before it expires': 'works until it expires',
};

const renewals: Readonly<Record<string, string>> = {
  yes: 'The client renews it by itself.',
  no: 'Somebody must rotate it before it expires.',
};
