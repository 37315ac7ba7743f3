import type { Report, SectionId } from '../../report.js';
import { callsChart } from './calls.js';
import { costChart } from './cost.js';
import { outageChart } from './outage.js';

/** The pictures of a report as SVG, by the section that they belong to. */
export type Charts = Partial<Record<SectionId, string>>;

export const captions: Partial<Record<SectionId, string>> = {
  cost: 'CPU of the server for one request. The thin line is the 95 % interval of the mean.',
  calls:
    'Points were counted; the dashed line is the formula 1000 / (1 + R·T/D) times the calls of one check.',
  outage: 'What callers got, second by second. Where not all is served, the rest is answered 503.',
};

export async function drawCharts(report: Report): Promise<Charts> {
  const drawn = {
    cost: await costChart(report),
    calls: await callsChart(report),
    outage: await outageChart(report),
  };
  return Object.fromEntries(Object.entries(drawn).filter(([, svg]) => svg !== undefined));
}
