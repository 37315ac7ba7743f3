import type { Environment } from '#gatehouse/platform';
import { modes } from '../once/modes.js';
import type { AppConfigs } from '../system/app-configs.js';

/** A way to guard the Todo API that the home page offers. */
export interface Choice {
  readonly id: string;
  /** The settings as shell assignments. */
  readonly title: string;
  /** The environment that applies this choice to the apps. */
  readonly environment: Environment;
}

/** Returns the settings of the Todo API's authentication as shell assignments. */
export function settingsOf({ todoApi, source }: AppConfigs): string {
  const { AUTH_STRATEGY: strategies, JWT_VALIDATION, REVOCATION } = todoApi;
  const validation = strategies.includes('jwt') ? ` JWT_VALIDATION=${JWT_VALIDATION}` : '';
  const push = REVOCATION === 'push' ? ' REVOCATION=push' : '';
  // A source that AUTH_STRATEGY implies is not repeated.
  const unlike = source === strategies[0] ? '' : ` CREDENTIAL_SOURCE=${source}`;
  return `AUTH_STRATEGY=${strategies.join(',')}${validation}${push}${unlike}`;
}

/**
 * Returns the settings of the start first, then those of every other mode, without duplicates. `configsOf` makes the
 * configuration from an environment.
 */
export function choicesOf(
  started: Environment,
  configsOf: (environment: Environment) => AppConfigs,
): readonly [Choice, ...Choice[]] {
  const first = { id: 'as-started', title: settingsOf(configsOf(started)), environment: started };
  const others = modes.map(({ mode, environment }): Choice => {
    const whole = { ...started, REVOCATION: 'off', CREDENTIAL_SOURCE: undefined, ...environment };
    return { id: mode, title: settingsOf(configsOf(whole)), environment: whole };
  });
  const titles = others.map(({ title }) => title);
  return [first, ...others.filter(({ title }, at) => title !== first.title && titles.indexOf(title) === at)];
}
