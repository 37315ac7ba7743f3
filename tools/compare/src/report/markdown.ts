import { Eta } from 'eta';
import { pages, sourcesOf } from '../fusionauth-documents.js';
import { originOf, type Report, type Section, type SectionId } from '../report.js';
import { captions, type Charts } from './charts/charts.js';
import { type CellView, type Rating, summaryOf, viewSection, waysToMeasure } from './view.js';

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
    guide: pages.guide,
    modes: report.modes,
    summary: summaryOf(report),
    marked,
    sections: report.sections.map((section) => {
      const view = viewSection(report, section);
      return {
        ...view,
        how: waysToMeasure(view),
        caption: captions[view.id],
        picture: charts[view.id] && neighbours.picture(view.id),
        reasons: reasonsIn(report, section),
        basis: basisOf(report, section),
      };
    }),
  });
}

const dots: Readonly<Record<Rating, string>> = { good: '🟢 ', fair: '🟡 ', poor: '🔴 ' };

/** Renders a cell with its rating, and its evidence as formatting. */
function marked({ text, rating, kind }: CellView): string {
  const safe = text.replaceAll('|', '\\|');
  const set = kind === 'as-documented' ? `*${safe}*` : kind === 'measured-on' ? `**${safe}**` : safe;
  return `${rating ? dots[rating] : ''}${set}`;
}

/** Returns the reasons of cells, each once with its modes. */
function reasonsIn({ modes }: Report, { cells }: Section): [why: string, titles: string[]][] {
  const reasons = new Map<string, Set<string>>();
  for (const { why, mode } of cells) {
    if (why === undefined) continue;
    const title = modes.find(({ id }) => id === mode)?.title ?? mode;
    reasons.set(why, (reasons.get(why) ?? new Set()).add(title));
  }
  return [...reasons].map(([why, titles]) => [why, [...titles]]);
}

/** Returns what the cells about FusionAuth rest on: public pages, or an assumption, with its rows and modes. */
function basisOf({ modes }: Report, { rows, cells }: Section) {
  const links: Record<'documented' | 'reported', Set<string>> = {
    documented: new Set(),
    reported: new Set(),
  };
  const assumed = new Map<string, string[]>();
  for (const { evidence, row, mode } of cells) {
    if (evidence.kind !== 'as-documented') continue;
    const { basis, pages: found } = sourcesOf(evidence);
    if (basis === 'assumed') {
      const title = modes.find(({ id }) => id === mode)?.title ?? mode;
      const named = rows.find(({ id }) => id === row)?.title ?? row;
      assumed.set(title, [...(assumed.get(title) ?? []), named]);
    } else {
      for (const { title, url } of found) links[basis].add(`[${title}](${url})`);
    }
  }
  return { documented: [...links.documented], reported: [...links.reported], assumed: [...assumed] };
}
