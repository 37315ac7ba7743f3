import type { TopLevelSpec } from 'vega-lite';
import { draw } from '../../../../measure/src/picture/draw.js';
import { findCell } from '../../cells.js';
import type { Report } from '../../report.js';

type FacetedSpec = Extract<TopLevelSpec, { facet: unknown; spec: unknown }>['spec'];

/** Ids of the rows that have a time line. */
const served = /\/served(-new)?$/;

const kinds = ['all served', 'some served, the rest 503', 'none served'];

const answersAt = (share: number) => kinds[share > 0.99 ? 0 : share > 0.01 ? 1 : 2];

const lines: FacetedSpec = {
  width: 520,
  height: { step: 17 },
  mark: { type: 'rect', strokeWidth: 0 },
  encoding: {
    y: {
      field: 'mode',
      type: 'nominal',
      sort: null,
      title: null,
      scale: { paddingInner: 0.25 },
      axis: { domain: false, ticks: false },
    },
    x: { field: 'from', type: 'quantitative', title: 'seconds', axis: { grid: false } },
    x2: { field: 'to' },
    fill: {
      field: 'answers',
      type: 'nominal',
      scale: { domain: kinds, range: ['var(--chart-good)', 'var(--chart-fair)', 'var(--chart-poor)'] },
      legend: { title: null, orient: 'top' },
    },
  },
};

/** Draws the share of requests served, second by second before, during and after each fault, by mode. */
export async function outageChart(report: Report): Promise<string | undefined> {
  const section = report.sections.find(({ id }) => id === 'outage');
  const rows = (section?.rows ?? []).filter(({ id }) => served.test(id));
  const steps = rows.flatMap(({ id: row, title }) =>
    report.modes.flatMap(({ id: mode, title: modeTitle }) => {
      const points = findCell(report, { section: 'outage', row, mode })?.points ?? [];
      return stretchesOf(points).map((stretch) => ({ fault: title, mode: modeTitle, ...stretch }));
    }),
  );
  if (steps.length === 0) return undefined;
  return draw('Share of requests served before, during and after each fault of FusionAuth, by mode', {
    data: { values: steps },
    facet: {
      row: {
        field: 'fault',
        type: 'nominal',
        sort: rows.map(({ title }) => title),
        header: { title: null, labelAngle: 0, labelAnchor: 'start', labelOrient: 'top' },
      },
    },
    spec: lines,
  });
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly answers: string | undefined;
}

/** Groups neighbours with the same answers. */
function stretchesOf(points: readonly (readonly [number, number])[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [at, [second, share]] of points.entries()) {
    const before = points[at - 1]?.[0] ?? second - 1;
    const to = points[at + 1]?.[0] ?? second + (second - before);
    const answers = answersAt(share);
    const last = stretches.at(-1);
    if (last && last.answers === answers) stretches.splice(-1, 1, { ...last, to });
    else stretches.push({ from: second, to, answers });
  }
  return stretches;
}
