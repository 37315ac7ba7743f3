import type { Clock } from '#gatehouse/platform';
import { PageProblem } from '../pages/page-problem.js';

const windowMs = 60_000;
const most = 30;

/** Bounds how many credentials one person may have judged, since the doctor has no throttle as the Todo API has. */
export class Tries {
  readonly #byPerson = new Map<string, number[]>();

  constructor(private readonly clock: Clock) {}

  /** Counts one. Throws a PageProblem 429 where there were too many in the last minute. */
  count(person: string): void {
    const now = this.clock();
    const recent = (this.#byPerson.get(person) ?? []).filter((at) => at > now - windowMs);
    if (recent.length >= most) {
      throw new PageProblem(
        429,
        'Too many at once',
        `No more than ${most} credentials a minute are judged: wait a moment.`,
      );
    }
    this.#byPerson.set(person, [...recent, now]);
  }
}
