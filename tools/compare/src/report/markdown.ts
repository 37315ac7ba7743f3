import { Eta } from 'eta';
import { originOf } from '../origin.js';
import type { Report, Section, SectionId } from '../report.js';
import { captions, type Charts } from './charts/charts.js';
import { type CellView, type Rating, sectionsOf, summaryOf, waysToMeasure } from './view.js';

const eta = new Eta({ views: import.meta.dirname, autoEscape: false, autoTrim: false });

/** The names of the files next to a report in Markdown. */
export interface Neighbours {
  readonly claims: string;
  readonly picture: (section: SectionId) => string;
}

/** Renders the report as Markdown, with its pictures in separate files. */
export function markdownReport(report: Report, charts: Charts, neighbours: Neighbours): string {
  return eta.render('./report', {
    origin: originOf(report),
    complete: report.made.complete,
    missing: report.made.missing,
    claimsFile: neighbours.claims,
    modes: report.modes,
    summary: summaryOf(report),
    marked,
    sections: sectionsOf(report).map((view, at) => ({
      ...view,
      how: waysToMeasure(view),
      caption: captions[view.id],
      picture: charts[view.id] && neighbours.picture(view.id),
      ...reasonsIn(report, report.sections[at]),
    })),
  });
}

const dots: Readonly<Record<Rating, string>> = { good: '🟢 ', fair: '🟡 ', poor: '🔴 ' };

/** Renders a cell with its rating, and its evidence as formatting. */
function marked({ text, rating, kind }: CellView): string {
  const safe = text.replaceAll('|', '\\|');
  const set = kind === 'as-documented' ? `*${safe}*` : kind === 'measured-on' ? `**${safe}**` : safe;
  return `${rating ? dots[rating] : ''}${set}`;
}

/** Returns the reasons of cells, each once with its modes, and the documented facts that cells rest on. */
function reasonsIn({ modes }: Report, section: Section | undefined) {
  const reasons = new Map<string, Set<string>>();
  const facts = new Set<string>();
  for (const { why, mode, evidence } of section?.cells ?? []) {
    if (evidence.kind === 'as-documented') facts.add(`${evidence.section} \`${evidence.tag}\``);
    if (why === undefined) continue;
    const title = modes.find(({ id }) => id === mode)?.title ?? mode;
    reasons.set(why, (reasons.get(why) ?? new Set()).add(title));
  }
  return { reasons: [...reasons].map(([why, titles]) => [why, [...titles]]), facts: [...facts] };
}
