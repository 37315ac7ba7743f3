import { rounded } from '../../measure/src/statistics.js';
import { type Aim, aimOf, type GoalId, goals } from './goals.js';

/** The findings of an experiment about one goal. */
export interface Outcome {
  /** By the figures of the goal's aims; one that was not measured is omitted. */
  readonly figures: Readonly<Record<string, number>>;
  /** The reason why nothing can be said of the goal, although nothing is missed. */
  readonly undecided?: string | undefined;
  /** For the record. */
  readonly detail?: object;
}

/** The goal's part of the JSON. `ok` is null where nothing can be said; `detail.reason` then gives the reason. */
export interface Result {
  readonly id: GoalId;
  readonly value: number | null;
  readonly unit: string;
  readonly goal: string;
  readonly ok: boolean | null;
  readonly detail: Readonly<Record<string, unknown>> & { readonly reason?: string };
}

/** Thrown by an experiment that cannot run here; the message gives the reason. */
export class NotMeasured extends Error {}

/** Compares the figures with the aims. A missed one decides, even if others were not measured. */
export function judge(id: GoalId, { figures, undecided, detail }: Outcome): Result {
  const { unit, aims } = goals[id];
  const bounded = aims.filter(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined);
  const measured = bounded.filter(({ figure }) => figures[figure] !== undefined);
  const left = bounded.filter((aim) => !measured.includes(aim)).map(({ figure }) => figure);
  const isMissed = measured.some((aim) => !holds(aim, figures[aim.figure] ?? NaN));
  const reason = undecided ?? (left.length > 0 ? `not measured: ${left.join('; ')}` : undefined);
  const value = figures[aims[0]?.figure ?? ''] ?? NaN;
  return {
    id,
    value: Number.isFinite(value) ? rounded(value) : null,
    unit,
    goal: aimOf(goals[id]),
    ok: isMissed ? false : undecided !== undefined || measured.length === 0 ? null : true,
    detail: { ...(reason === undefined ? {} : { reason }), figures, ...detail },
  };
}

const holds = ({ atLeast = -Infinity, atMost = Infinity }: Aim, figure: number): boolean =>
  figure >= atLeast && figure <= atMost;
