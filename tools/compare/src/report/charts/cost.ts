import type { TopLevelSpec } from 'vega-lite';
import { draw, ink, series } from '../../../../measure/src/picture/draw.js';
import { findCell } from '../../cells.js';
import type { Report } from '../../report.js';

const rows = { 'cpu-new': 'new credential', 'cpu-known': 'known credential' } as const;

/** Draws the server's CPU time per request, by mode, with the 95 % interval. Undefined where none was measured. */
export async function costChart(report: Report): Promise<string | undefined> {
  const bars = report.modes.flatMap(({ id: mode, title }) =>
    Object.entries(rows).flatMap(([row, credential]) => {
      const cell = findCell(report, { section: 'cost', row, mode });
      if (typeof cell?.value !== 'number') return [];
      const [low, high] = cell.interval ?? [cell.value, cell.value];
      return { mode: title, credential, value: cell.value, low, high };
    }),
  );
  if (bars.length === 0) return undefined;
  return draw('CPU of the server for one request, in microseconds, by mode', {
    data: { values: bars },
    width: 520,
    height: { step: 16 },
    encoding: {
      y: { field: 'mode', type: 'nominal', sort: null, title: null, axis: { domain: false, ticks: false } },
      yOffset: { field: 'credential', type: 'nominal', sort: Object.values(rows) },
    },
    layer: [bar(), interval(), figure()],
  });
}

type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

const bar = (): Layer => ({
  mark: 'bar',
  encoding: {
    x: { field: 'value', type: 'quantitative', title: 'µs of CPU for a request; less is better' },
    color: {
      field: 'credential',
      type: 'nominal',
      scale: { domain: Object.values(rows), range: [series[0], series[1]] },
      legend: { title: null, orient: 'top' },
    },
  },
});

const interval = (): Layer => ({
  mark: { type: 'rule', color: ink, strokeWidth: 1.5 },
  encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
});

const figure = (): Layer => ({
  mark: { type: 'text', align: 'left', dx: 6, fontSize: 11, color: ink },
  encoding: {
    x: { field: 'high', type: 'quantitative' },
    text: { field: 'value', type: 'quantitative', format: '.3~g' },
  },
});
