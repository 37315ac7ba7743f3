import { Eta } from 'eta';
import { type CellPlace, findCell } from '../cells.js';
import { type Basis, type Page, pages, sourcesOf } from '../fusionauth-documents.js';
import { type Evidence, originOf, type Report } from '../report.js';
import { type Claim, type Verdict, verdicts } from './claim.js';
import { claimsByPart, judgeClaims, type JudgedClaim } from './ledger.js';

const markdown = new Eta({ views: import.meta.dirname, autoEscape: false, autoTrim: false });

const meanings: Readonly<Record<Verdict, string>> = {
  true: 'it is true',
  outdated: 'it was true once',
  false: 'it is not true',
  depends: 'it is true in some modes or settings, which are named',
};

const kinds: Readonly<Record<Claim['kind'], string>> = {
  strength: 'Strength',
  challenge: 'Challenge',
  answer: 'Answer',
  advice: 'Advice',
};

/**
 * Renders every claim of the guide with its verdict and evidence as Markdown, next to `comparison`, the report's file.
 */
export function claimsDocument(report: Report, comparison: string): string {
  const judged = judgeClaims(report);
  return markdown.render('./claims', {
    comparison,
    guide: pages.guide,
    origin: originOf(report),
    complete: report.made.complete,
    missing: report.made.missing,
    counts: verdicts.map((verdict) => ({
      verdict,
      count: judged.filter((claim) => claim.verdict === verdict).length,
      meaning: meanings[verdict],
    })),
    contradicted: judged
      .filter(({ verdict }) => verdict === 'false' || verdict === 'outdated')
      .map(({ claim: { id }, verdict, because }) => ({ id, anchor: headingAnchor(id), verdict, because })),
    parts: claimsByPart(report).map(({ title, claims }) => ({
      title,
      claims: claims.map((one) => describeClaim(one, report)),
    })),
  });
}

/** Returns the anchor that GitHub generates for a heading. */
export const headingAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** Describes a claim for the documents. */
export const describeClaim = ({ claim, verdict, because, standing, cells }: JudgedClaim, report: Report) => ({
  id: claim.id,
  kind: kinds[claim.kind],
  says: claim.says,
  verdict: verdict ?? 'open',
  standing,
  because,
  evidence: [...cells.map((place) => cellEvidence(place, report)), ...documentEvidence(claim)],
});

/** A piece of evidence for a verdict. */
export interface EvidenceLine {
  readonly text: string;
  /** Present for a cell of the report, with the heading of its section. */
  readonly cell?: { readonly place: CellPlace; readonly section: string; readonly anchor: string };
  readonly links?: readonly Page[];
}

const origins: Readonly<Record<Basis, string>> = {
  documented: 'Documented',
  reported: 'Reported by users',
  assumed: 'Assumed',
};

function originIn(evidence: Evidence | undefined): string {
  switch (evidence?.kind) {
    case undefined:
      return 'Missing';
    case 'measured':
      return 'Measured';
    case 'measured-on':
      return 'Measured on FusionAuth';
    case 'as-documented':
      return `${origins[sourcesOf(evidence).basis]}, as the sandbox reproduces it`;
  }
}

function cellEvidence(place: CellPlace, report: Report): EvidenceLine {
  const section = report.sections.find(({ id }) => id === place.section);
  const row = section?.rows.find(({ id }) => id === place.row);
  const cell = findCell(report, place);
  const title = section?.title ?? place.section;
  return {
    text: `${originIn(cell?.evidence)}: ${row?.title ?? place.row}, ${place.mode}: ${cell?.text ?? 'not in this report'}`,
    cell: { place, section: title, anchor: headingAnchor(title) },
  };
}

function documentEvidence({ facts = [], tests = [], decision }: Claim): EvidenceLine[] {
  return [
    ...facts.map(({ basis, says, pages: links }) => ({ text: `${origins[basis]}: ${says}`, links })),
    ...tests.map(({ file, modes, sentences }) => {
      const named = modes ? ` (${modes.join(', ')})` : '';
      const quoted = sentences.map((sentence) => `"${sentence}"`).join(', ');
      return { text: `Tested: \`${file}\`${named}: ${quoted}` };
    }),
    ...(decision
      ? [{ text: 'Decided', links: [{ title: decision.slice(0, 4), url: `decisions/${decision}.md` }] }]
      : []),
  ];
}
