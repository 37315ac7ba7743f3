import type { Clock } from '#gatehouse/platform';
import { PageProblem } from '../pages/page-problem.js';

const windowMs = 60_000;
const maximumPerWindow = 30;

/** Limits how many credentials a user may check, because the doctor has no throttle like the Todo API's. */
export class CheckLimit {
  readonly #byPerson = new Map<string, number[]>();

  constructor(private readonly clock: Clock) {}

  /** Counts one. Throws a PageProblem 429 if there were too many in the last minute. */
  count(person: string): void {
    const now = this.clock();
    const recent = (this.#byPerson.get(person) ?? []).filter((at) => at > now - windowMs);
    if (recent.length >= maximumPerWindow) {
      throw new PageProblem(
        429,
        'Too many at once',
        `At most ${maximumPerWindow} credentials a minute can be checked: wait a moment.`,
      );
    }
    this.#byPerson.set(person, [...recent, now]);
  }
}
