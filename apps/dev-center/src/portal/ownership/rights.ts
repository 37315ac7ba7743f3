import { FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { isUsable } from '#gatehouse/fusionauth/control';
import type { Clock } from '#gatehouse/platform';
import type { FusionAuthContext } from '../../context.js';
import { PageProblem } from '../pages/page-problem.js';

/** The present rights of a person, as FusionAuth reports them. */
export interface Rights {
  readonly name: string;
  /** May do everything with every client that its owner may, and grant every role. */
  readonly admin: boolean;
}

/**
 * Reads a person's rights from FusionAuth, because a session here outlives a revoked role. Throws a PageProblem 403 for
 * an account that does not exist, is deactivated, expired, locked or not registered for the application;
 * FusionAuthUnavailable and FusionAuthRefusedUs.
 */
export async function readRights({ control, clock }: FusionAuthContext, subject: string): Promise<Rights> {
  const { people } = control();
  const person = await people.byId(subject);
  if (!isUsable(person, clock()) || (await people.isLocked(subject))) {
    throw new PageProblem(
      403,
      'Your account is not active',
      'Your FusionAuth account is locked, or it was deleted, deactivated or has expired.',
    );
  }
  if (!person.roles) {
    throw new PageProblem(
      403,
      'You are not registered here',
      'You have a FusionAuth account, but are not registered for the Dev Center: ask its administrator to register you.',
    );
  }
  return { name: person.name, admin: person.roles.includes('portal-admin') };
}

/** Tells whether FusionAuth gave no answer about a person: it is unavailable, or refuses our own key. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof FusionAuthUnavailable || error instanceof FusionAuthRefusedUs;

/** How long an answer about a person is used for pages that change nothing, in milliseconds. */
const freshMs = 5_000;
/** How long such a page waits for FusionAuth, in milliseconds. */
const withinMs = 1_500;

interface Answer {
  readonly rights: Promise<Rights>;
  /** When it arrived; undefined while it is awaited. */
  at?: number;
}

/**
 * The rights of the people who use the portal. Pages that change nothing use an answer of FusionAuth for a few seconds,
 * so that each page does not cost a call.
 */
export class CurrentRights {
  readonly #answers = new Map<string, Answer>();
  readonly #clock: Clock;

  constructor(private readonly context: FusionAuthContext) {
    this.#clock = context.clock;
  }

  /** Calls FusionAuth. Throws what {@link readRights} throws. */
  now(subject: string): Promise<Rights> {
    return this.#ask(subject).rights;
  }

  /** Returns rights that are at most a few seconds old. Throws what {@link readRights} throws. */
  recent(subject: string): Promise<Rights> {
    this.#forgetOld();
    const { rights } = this.#answers.get(subject) ?? this.#ask(subject);
    return inTime(rights);
  }

  #ask(subject: string): Answer {
    const answer: Answer = { rights: readRights(this.context, subject) };
    this.#answers.set(subject, answer);
    const arrived = () => void (answer.at = this.#clock());
    answer.rights.then(arrived, arrived);
    return answer;
  }

  #forgetOld(): void {
    const now = this.#clock();
    for (const [subject, { at }] of this.#answers)
      if (at !== undefined && now - at >= freshMs) this.#answers.delete(subject);
  }
}

async function inTime(rights: Promise<Rights>): Promise<Rights> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new FusionAuthUnavailable('GET /api/user', { durationMs: withinMs });
    timer = setTimeout(() => reject(error), withinMs);
  });
  return Promise.race([rights, late]).finally(() => clearTimeout(timer));
}
