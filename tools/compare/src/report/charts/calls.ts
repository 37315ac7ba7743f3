import { draw, series } from '../../../../measure/src/picture/draw.js';
import { findCell } from '../../cells.js';
import type { Report } from '../../report.js';

/**
 * Draws calls to FusionAuth per 1,000 requests against the number of clients: counted as points, by the formula as a
 * line.
 */
export async function callsChart(report: Report): Promise<string | undefined> {
  const pointsOf = (row: 'curve' | 'formula') =>
    report.modes.flatMap(({ id: mode, title }) =>
      (findCell(report, { section: 'calls', row, mode })?.points ?? []).map(([clients, calls]) => ({
        mode: title,
        clients,
        calls,
      })),
    );
  const [counted, formula] = [pointsOf('curve'), pointsOf('formula')];
  if (counted.length === 0) return undefined;
  const titles = report.modes.map(({ title }) => title);
  return draw('Calls to FusionAuth for 1,000 requests, against the number of clients, by mode', {
    width: 470,
    height: 260,
    encoding: {
      x: {
        field: 'clients',
        type: 'quantitative',
        scale: { type: 'log' },
        axis: { values: [1, 10, 100, 1_000, 10_000], grid: false, format: ',' },
        title: 'clients, at the same rate of requests altogether',
      },
      y: { field: 'calls', type: 'quantitative', title: 'calls for 1,000 requests' },
      color: {
        field: 'mode',
        type: 'nominal',
        scale: { domain: titles, range: [...series] },
        legend: { title: null, orient: 'right' },
      },
    },
    layer: [
      { data: { values: formula }, mark: dashes },
      { data: { values: counted }, ...dots(titles) },
    ],
  });
}

const dashes = {
  type: 'line',
  strokeDash: [5, 4] as number[],
  strokeWidth: 1.5,
  interpolate: 'monotone',
} as const;

const dots = (titles: string[]) =>
  ({
    mark: { type: 'point', filled: true, size: 70, opacity: 1 },
    encoding: { shape: { field: 'mode', type: 'nominal', scale: { domain: titles } } },
  }) as const;
