import { type CellPlace, CellReader, NotMeasured } from '../cells.js';
import type { Report } from '../report.js';
import { apiKeyClaims } from './api-key.js';
import type { Claim, Judgement, Verdict } from './claim.js';
import { considerationClaims, optionsClaims } from './considerations.js';
import { emailTokenClaims } from './email-token.js';
import { jwtClaims } from './jwt.js';

/** The claims by the headings of the guide, in its order. */
const claimsByHeading: Readonly<Record<string, readonly Claim[]>> = {
  'Your options': optionsClaims,
  'Your options: OAuth and JWTs': jwtClaims,
  'Your options: FusionAuth API keys': apiKeyClaims,
  'Your options: authentication tokens': emailTokenClaims,
  'Other considerations': considerationClaims,
};

export const claims: readonly Claim[] = Object.values(claimsByHeading).flat();

/**
 * The basis of a verdict: our code was measured or tested, FusionAuth documents it, or a real FusionAuth was measured.
 */
export type Standing =
  'measured' | 'held by tests' | 'as documented' | `measured on FusionAuth ${string}` | 'not measured';

export interface JudgedClaim {
  readonly claim: Claim;
  /** Missing where the report lacks a cell that the rule reads. */
  readonly verdict?: Verdict;
  readonly because: string;
  readonly standing: Standing;
  /** The cells that were read. */
  readonly cells: readonly CellPlace[];
}

/** Judges every claim of the guide by the cells of a report. */
export function judgeClaims(report: Report): JudgedClaim[] {
  return claims.map((claim) => judge(claim, report));
}

/** Does the same, grouped under the headings of the guide. */
export function claimsByPart(report: Report): { title: string; claims: JudgedClaim[] }[] {
  return Object.entries(claimsByHeading).map(([title, ofPart]) => ({
    title,
    claims: ofPart.map((claim) => judge(claim, report)),
  }));
}

function judge(claim: Claim, report: Report): JudgedClaim {
  const reader = new CellReader(report);
  try {
    const judgement: Judgement = typeof claim.verdict === 'function' ? claim.verdict(reader) : claim.verdict;
    return { claim, ...judgement, standing: standingOf(claim, reader, report), cells: reader.places };
  } catch (error) {
    if (!(error instanceof NotMeasured)) throw error;
    return {
      claim,
      because: `Not decided by this report: ${error.message}.`,
      standing: 'not measured',
      cells: reader.places,
    };
  }
}

/**
 * Returns the basis of a verdict. FusionAuth's own behaviour rests on its documents, unless a real one was measured.
 */
function standingOf({ about, tests }: Claim, { places }: CellReader, { made }: Report): Standing {
  if (about === 'gatehouse' && places.length > 0) return 'measured';
  if (about === 'gatehouse') return tests ? 'held by tests' : 'as documented';
  const { fusionauth } = made.versions;
  return fusionauth === 'sandbox' || places.length === 0
    ? 'as documented'
    : `measured on FusionAuth ${fusionauth}`;
}
