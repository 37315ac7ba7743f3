import { type CellPlace, CellReader, findCell, NotMeasured } from '../cells.js';
import { headingAnchor } from '../claims/document.js';
import { judgeClaims, type JudgedClaim } from '../claims/ledger.js';
import type { Report, ReportMode } from '../report.js';
import { placeId } from '../report/view.js';
import type { Finding } from './findings.js';
import { type Question, questions } from './questions.js';

/** Answer ids by question id. A question without an answer does not count. */
export type Answers = Readonly<Partial<Record<string, string>>>;

/** The effect of an answer on a mode. */
export interface Effect {
  readonly points: number;
  /** True if the mode cannot meet the answer's demand. */
  readonly out: boolean;
  readonly text: string;
  /** Links to the places in the report's page that it rests on. */
  readonly links: readonly { readonly title: string; readonly href: string }[];
  /** Every cell that it rests on, including those behind a claim. */
  readonly places: readonly CellPlace[];
}

/** The data for ranking, with every cell of the report already read. */
export interface Model {
  readonly questions: readonly Pick<Question, 'id' | 'asks' | 'answers'>[];
  readonly modes: readonly Pick<ReportMode, 'id' | 'title' | 'about'>[];
  /** By question, answer and mode; missing where an answer has no effect on a mode. */
  readonly effects: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Effect>>>>>>;
}

export interface Ranked {
  readonly mode: string;
  readonly points: number;
  readonly out: boolean;
  readonly reasons: readonly (Effect & { readonly question: string })[];
  /** The points in which the best mode is better than this one. */
  readonly whyNot: readonly (Effect & { readonly question: string })[];
}

/** Reads the effect of every answer on every mode from a report. */
export function modelOf(report: Report): Model {
  // A library that verifies signatures is not a choice of strategy.
  const modes = report.modes.filter(({ environment }) => environment['JWT_ENGINE'] === undefined);
  const claims = judgeClaims(report);
  const effectOf = (question: Question, answer: string, mode: ReportMode) => {
    const cells = new CellReader(report);
    const finding = findingOf(question, { answer, mode, modes, cells });
    return finding && effectBy(finding, { report, places: cells.places, mode, claims });
  };
  return {
    questions: questions.map(({ id, asks, answers }) => ({ id, asks, answers })),
    modes: modes.map(({ id, title, about }) => ({ id, title, about })),
    effects: byId(questions, (question) =>
      byId(question.answers, (answer) => byId(modes, (mode) => effectOf(question, answer.id, mode))),
    ),
  };
}

function byId<T extends { readonly id: string }, V>(
  things: readonly T[],
  valueOf: (thing: T) => V | undefined,
): Record<string, V> {
  const entries = things.map((thing) => [thing.id, valueOf(thing)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, V] => entry[1] !== undefined));
}

function findingOf(question: Question, asked: Parameters<Question['find']>[0]): Finding | undefined {
  try {
    return question.find(asked);
  } catch (error) {
    if (error instanceof NotMeasured) return { points: 0, text: `Not known: ${error.message}.` };
    throw error;
  }
}

interface Ground {
  readonly report: Report;
  /** The cells that were read. */
  readonly places: readonly CellPlace[];
  readonly mode: ReportMode;
  readonly claims: readonly JudgedClaim[];
}

function effectBy(finding: Finding, { report, places, mode, claims }: Ground): Effect {
  const { points, text, out = false, claim: id } = finding;
  const claim = claims.find((one) => one.claim.id === id);
  const own = places.filter((place) => place.mode === mode.id);
  const shown = own.filter((place) => findCell(report, place)?.value !== undefined);
  const links = (shown.length > 0 ? shown : own).map((place) => ({
    title: titleOf(report, place),
    href: `index.html#${placeId(place)}`,
  }));
  const claimLinks = claim ? [claimLink(claim)] : [];
  return {
    points,
    out,
    text,
    links: [...links, ...claimLinks],
    places: [...places, ...(claim?.cells ?? [])],
  };
}

const titleOf = (report: Report, { section, row }: CellPlace): string =>
  report.sections.find(({ id }) => id === section)?.rows.find(({ id }) => id === row)?.title ?? row;

const claimLink = ({ claim: { id }, verdict }: JudgedClaim) => ({
  title: `claim ${id}: ${verdict ?? 'open'}`,
  href: `index.html#claim-${headingAnchor(id)}`,
});

/** The `.env` lines and the command to start with a mode. */
export interface Beginning {
  readonly env: readonly string[];
  readonly commands: readonly string[];
}

/** The entity for the API in deploy/kickstart/kickstart.json. */
const todoApiEntity = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';

export function startWith({ id, environment }: ReportMode): Beginning {
  const machine = id === 'client-credentials';
  const settings = { ...environment, ...(machine ? { FUSIONAUTH_ENTITY_ID: todoApiEntity } : {}) };
  const strategy = machine ? id : (environment['AUTH_STRATEGY'] ?? id);
  return {
    env: Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    commands: [
      'npm ci',
      'npm start',
      `npm run credentials -- issue --client my-app --strategy ${strategy} --roles todo-reader --out .data/my-app.secret`,
    ],
  };
}
