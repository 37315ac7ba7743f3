import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
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
    choosePage: 'choose',
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
