import { pages } from '../fusionauth-documents.js';
import { depends, documented, isFalse, isTrue, type Judgement, type Rule } from './claim.js';

/** Facts that several claims rest on. */
export const loginRecord = documented('a successful log-in writes a login record', pages.login);
export const clientCredentials = documented(
  'client credentials between two entities, since 1.26, on a paid plan',
  pages.entityManagement,
  pages.guide,
);

export const local = 'jwt/local';
export const remote = ['jwt/introspection', 'jwt/session'] as const;

/** Judges whether a credential is issued without a person. */
export const withoutPerson =
  (mode: string): Rule =>
  (cells) => {
    const human = cells.number('set-up', 'human-steps', mode);
    return human === 0
      ? isTrue('It was issued from start to finish by program.')
      : depends(`Steps of its set-up that need a person: ${human}.`);
  };

/** Judges by how many of the modes, or actions, were seen: all, some or none. */
export function byShare(
  seen: readonly string[],
  all: readonly string[],
  because: { all: string; some: string; none: string },
): Judgement {
  if (seen.length === 0) return isFalse(because.none);
  return seen.length === all.length ? isTrue(because.all) : depends(because.some);
}

/** Fetches of the key set, one a minute, are far below one call per thousand requests. */
const negligibleCalls = 1;

export const noContact: Rule = (cells) => {
  const calls = ['1', '100', '10000'].map((clients) => cells.number('calls', `calls-${clients}`, local));
  const maximum = Math.max(...calls);
  return maximum <= negligibleCalls
    ? isTrue(`At most ${maximum} calls in 1,000 requests, for any number of clients.`)
    : isFalse(`Up to ${maximum} calls in 1,000 requests.`);
};

/** A saving counts from a fifth on: less is within the variation between machines and hours. */
const worthwhile = 0.8;

/** Judges by CPU time per request, against every mode that calls FusionAuth. */
export const fasterBecauseLocal: Rule = (cells) => {
  const cheaper = (row: string) =>
    remote.every((mode) => cells.number('cost', row, local) < worthwhile * cells.number('cost', row, mode));
  const [fresh, known] = [cheaper('cpu-new'), cheaper('cpu-known')];
  if (fresh && known) return isTrue('New and known tokens cost less than with a remote check.');
  if (!fresh && !known) return isFalse('A remote check costs no more, whether the token is new or known.');
  return depends(
    fresh
      ? 'A new token costs less than with a remote check. A known one costs about the same: its acceptance is cached.'
      : 'A known token costs less than with a remote check, a new one does not.',
  );
};
