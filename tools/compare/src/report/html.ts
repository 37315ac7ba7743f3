import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { baseStyle } from '#gatehouse/look';
import { modelOf, startWith } from '../choose/model.js';
import type { Verdict } from '../claims/claim.js';
import { describeClaim, headingAnchor } from '../claims/document.js';
import { claimsByPart } from '../claims/ledger.js';
import { originOf, type Report } from '../report.js';
import { captions, type Charts } from './charts/charts.js';
import { Details } from './details.js';
import { placeId, summaryOf, viewSection, waysToMeasure } from './view.js';

// Every interpolation is escaped, unless it is written with a tilde.
const eta = new Eta({ views: import.meta.dirname, autoTrim: [false, 'nl'] });

/** HTML of a text in which backticks enclose code. */
const withCode = (text: string): string =>
  eta.config.escapeFunction(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

/** The style sheet of the page and of the decision helper. */
const style = baseStyle + readFileSync(join(import.meta.dirname, 'page.css'), 'utf8');

/** Returns the source expression of a content security policy for a text inside the page. */
export const hashOf = (text: string): string =>
  `sha256-${createHash('sha256').update(text).digest('base64')}`;

const tones: Readonly<Record<Verdict, string>> = {
  true: 'good',
  depends: 'fair',
  outdated: 'poor',
  false: 'poor',
};

/** Reads a script that runs in the browser. */
const browserScript = (...path: string[]): string => readFileSync(join(import.meta.dirname, ...path), 'utf8');

const cellsScript = browserScript('browser', 'cells.js');

/** The additional parts of a page that runs the comparison. */
export interface LiveParts {
  readonly html: string;
  readonly script: string;
  /** The run in progress, whose cells the script fills. */
  readonly run: string | undefined;
}

/** Renders the report as one self-contained page; with `live` it connects to its server. */
export function htmlReport(report: Report, charts: Charts, live?: LiveParts): string {
  const details = new Details();
  const scripts = [cellsScript, ...(live ? [live.script] : [])];
  return eta.render('./page', {
    placeId,
    withCode,
    style,
    styleHash: hashOf(style),
    scripts,
    scriptHashes: scripts.map((script) => `'${hashOf(script)}'`).join(' '),
    live,
    detailsJson: () => inElement(details.json()),
    origin: originOf(report),
    complete: report.made.complete,
    missing: report.made.missing,
    modes: report.modes,
    choosePage: 'choose.html',
    summary: details.numbered(summaryOf(report)),
    sections: report.sections
      .map((one) => viewSection(report, one))
      .map((section) => ({
        ...section,
        rows: details.numbered(section.rows),
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

const chooseScript = browserScript('..', 'choose', 'browser', 'choose.js');

/** Escapes JSON for an element: a closing tag inside a text would close it. */
const inElement = (json: string): string => json.replaceAll('<', '\\u003c');

/** Renders the decision helper as one page next to the report's; its script ranks, with every cell already read. */
export function choosePage(report: Report): string {
  const model = modelOf(report);
  return eta.render('./choose', {
    style,
    styleHash: hashOf(style),
    script: chooseScript,
    scriptHash: hashOf(chooseScript),
    origin: originOf(report).replaceAll('`', ''),
    complete: report.made.complete,
    missing: report.made.missing,
    questions: model.questions,
    modes: report.modes
      .filter(({ id }) => model.modes.some((mode) => mode.id === id))
      .map((mode) => ({ ...mode, beginning: startWith(mode) })),
    model: inElement(JSON.stringify(model)),
  });
}
