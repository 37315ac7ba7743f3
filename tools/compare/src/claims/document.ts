import { Eta } from 'eta';
import { type CellPlace, findCell } from '../cells.js';
import { originOf } from '../origin.js';
import type { Evidence, Report } from '../report.js';
import { type Claim, parts, type Verdict, verdicts } from './claim.js';
import { judgeClaims, type JudgedClaim } from './ledger.js';

const markdown = new Eta({ views: import.meta.dirname, autoEscape: false, autoTrim: false });

const meanings: Readonly<Record<Verdict, string>> = {
  true: 'it is so',
  outdated: 'it was so once',
  false: 'it is not so',
  depends: 'it is so in some modes or settings, which are named',
};

const kinds: Readonly<Record<Claim['kind'], string>> = {
  strength: 'Strength',
  challenge: 'Challenge',
  answer: 'Answer',
  advice: 'Advice',
};

/** docs/claims.md: every claim of the guide with its verdict and evidence. */
export function claimsDocument(report: Report): string {
  const judged = judgeClaims(report);
  return markdown.render('./claims', {
    origin: originOf(report),
    counts: verdicts.map((verdict) => ({
      verdict,
      count: judged.filter((claim) => claim.verdict === verdict).length,
      meaning: meanings[verdict],
    })),
    contradicted: judged
      .filter(({ verdict }) => verdict === 'false' || verdict === 'outdated')
      .map(({ claim, verdict, because }) => ({ id: claim.id, anchor: anchorOf(claim.id), verdict, because })),
    parts: Object.entries(parts).map(([part, title]) => ({
      title,
      claims: judged.filter(({ claim }) => claim.part === part).map((one) => described(one, report)),
    })),
  });
}

/** Of a claim's heading in the document. */
export const anchorOf = (id: string): string => id.replaceAll('/', '');

function described({ claim, verdict, because, standing, cells }: JudgedClaim, report: Report) {
  return {
    id: claim.id,
    kind: kinds[claim.kind],
    says: claim.says,
    verdict: verdict ?? 'open',
    standing,
    because,
    evidence: [...cells.map((place) => cellLine(place, report)), ...documentLines(claim)],
  };
}

const origins: Readonly<Record<Evidence['kind'], string>> = {
  measured: 'Measured',
  'as-documented': 'Documented, as the sandbox acts it out',
  'measured-on': 'Measured on FusionAuth',
};

function cellLine(place: CellPlace, report: Report): string {
  const row = report.sections.find(({ id }) => id === place.section)?.rows.find(({ id }) => id === place.row);
  const cell = findCell(report, place);
  const text = cell?.text ?? 'not in this report';
  return `${cell ? origins[cell.evidence.kind] : 'Missing'}: ${row?.title ?? place.row}, ${place.mode}: ${text} ([${place.section}](comparison.md#${place.section}))`;
}

function documentLines({ facts = [], sources = [], tests = [], decision }: Claim): string[] {
  return [
    ...facts.map(({ section, tag, says }) => `Documented: ${says} (section ${section}, \`${tag}\`)`),
    ...sources.map(({ title, url, says }) => `Documented: ${says} ([${title}](${url}))`),
    ...tests.map(({ file, modes, sentences }) => {
      const named = modes ? ` (${modes.join(', ')})` : '';
      return `Tested: \`${file}\`${named}: ${sentences.map((sentence) => `"${sentence}"`).join(', ')}`;
    }),
    ...(decision ? [`Decided: [${decision.slice(0, 4)}](decisions/${decision}.md)`] : []),
  ];
}
