import { strategies, type StrategyName, strategyNames } from '#gatehouse/auth';
import type { DevCenterConfig } from '../../config.js';
import type { StrategyFacts } from '../figures/strategy-facts.js';

/** The cookie of FusionAuth's Hosted Backend that holds the access token. */
const cookieName = 'app.at';
const withinMs = 1_000;

const readsCookies = (name: StrategyName): boolean =>
  strategies[name].consumes.some((carrier) => carrier.in === 'cookie');

/** Tells whether browsers answer the challenge of a strategy themselves, without the page (RFC 7617). */
const asksByWindow = (name: StrategyName): boolean =>
  strategies[name].consumes.some((carrier) => carrier.in === 'authorization' && carrier.scheme === 'Basic');

const named = (kind: (name: StrategyName) => boolean): string => strategyNames.filter(kind).join(', ');

/**
 * Returns the obstacles that prevent the todo page from working, each a sentence that says what to set. An unavailable
 * Todo API is not among them, because the page itself reports it.
 */
export async function obstacles(
  config: DevCenterConfig,
  strategiesOn: StrategyFacts['strategiesOn'],
): Promise<readonly string[]> {
  const { TODO_API_URL: api, TOKEN_LOCATION: places = [], TOKEN_COOKIE: names = [cookieName] } = config;
  const { origin } = new URL(config.PUBLIC_URL);
  if (api === undefined)
    return ['The Dev Center does not know where the Todo API is: set TODO_API_URL for it.'];
  const on = await strategiesOn();
  if (on && !on.some(readsCookies)) {
    return [
      `The Todo API accepts no access tokens just now: its AUTH_STRATEGY must name ${named(readsCookies)}.`,
    ];
  }
  if (on?.some(asksByWindow)) {
    return [
      'The Todo API takes passwords too, which a browser requests in a window of its own when a log-in has expired: ' +
        `its AUTH_STRATEGY must not name ${named(asksByWindow)}.`,
    ];
  }
  if (!places.includes('cookie')) {
    return [
      `The Todo API reads no cookies: set TOKEN_LOCATION=header,cookie and ALLOWED_ORIGINS=${origin} for it.`,
      'Set the same TOKEN_LOCATION for the Dev Center, and run npm run provision, which tells FusionAuth about this page.',
    ];
  }
  if (!names.includes(cookieName))
    return [`The Todo API reads other cookies than FusionAuth’s: TOKEN_COOKIE must name ${cookieName}.`];
  if (await refusesOrigin(config.TODO_API_PUBLIC_URL ?? api, api, origin))
    return [`The Todo API does not let this page call it: its ALLOWED_ORIGINS must name ${origin}.`];
  return [];
}

/** Tells whether the Todo API answers but does not allow this origin (Fetch standard, CORS protocol). */
async function refusesOrigin(publicUrl: string, api: string, origin: string): Promise<boolean> {
  if (new URL(publicUrl).origin === origin) return false;
  try {
    const { headers } = await fetch(`${api}/livez`, {
      headers: { origin },
      signal: AbortSignal.timeout(withinMs),
    });
    return headers.get('access-control-allow-origin') !== origin;
  } catch {
    return false;
  }
}
