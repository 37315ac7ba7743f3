import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { modelOf } from '../choose/model.js';
import { startWith } from '../choose/start-with.js';
import type { Verdict } from '../claims/claim.js';
import { describeClaim, headingAnchor } from '../claims/document.js';
import { claimsByPart } from '../claims/ledger.js';
import { originOf } from '../origin.js';
import type { Report } from '../report.js';
import { captions, type Charts } from './charts/charts.js';
import { placeId, sectionsOf, summaryOf, waysToMeasure } from './view.js';

// Every interpolation is escaped, unless it is written with a tilde.
const eta = new Eta({ views: import.meta.dirname, autoTrim: [false, 'nl'] });

/** The style sheet of the page and of the decision helper. */
export const style = readFileSync(join(import.meta.dirname, 'page.css'), 'utf8');

/** What a content security policy calls a text inside the page. */
export const hashOf = (text: string): string =>
  `sha256-${createHash('sha256').update(text).digest('base64')}`;

const tones: Readonly<Record<Verdict, string>> = {
  true: 'good',
  depends: 'fair',
  outdated: 'poor',
  false: 'poor',
};

/** The report as one page that needs nothing else: no script, no network. */
export function htmlReport(report: Report, charts: Charts): string {
  return eta.render('./page', {
    placeId,
    style,
    styleHash: hashOf(style),
    origin: originOf(report),
    complete: report.made.complete,
    missing: report.made.missing,
    modes: report.modes,
    choosePage: 'choose.html',
    summary: summaryOf(report),
    sections: sectionsOf(report).map((section) => ({
      ...section,
      how: waysToMeasure(section),
      chart: charts[section.id] && { svg: charts[section.id], caption: captions[section.id] },
    })),
    parts: claimsByPart(report).map(({ title, claims }) => ({
      title,
      claims: claims.map((judged) => ({
        ...describeClaim(judged, report),
        anchor: headingAnchor(judged.claim.id),
        tone: judged.verdict ? tones[judged.verdict] : 'fair',
      })),
    })),
  });
}

/** What the decision helper runs in the browser. */
const script = readFileSync(join(import.meta.dirname, '..', 'choose', 'browser', 'choose.js'), 'utf8');

/** The decision helper as one page beside the report's; its script ranks, with every cell already read. */
export function choosePage(report: Report): string {
  const model = modelOf(report);
  return eta.render('./choose', {
    style,
    styleHash: hashOf(style),
    script,
    scriptHash: hashOf(script),
    origin: originOf(report).replaceAll('`', ''),
    questions: model.questions,
    modes: report.modes
      .filter(({ id }) => model.modes.some((mode) => mode.id === id))
      .map((mode) => ({ ...mode, beginning: startWith(mode) })),
    // A closing tag inside a text would end the element.
    model: JSON.stringify(model).replaceAll('<', '\\u003c'),
  });
}
