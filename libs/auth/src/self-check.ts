import type { Endpoint, FusionAuthData } from '#gatehouse/fusionauth';
import { type Clock, type Logger, untilSuccess } from '#gatehouse/platform';
import { type AuthConfig, ownKeyPermissions } from './settings.js';
import { catalogue } from './strategies/index.js';

const retryMs = 10_000;
/** Never needed by any strategy: a key that reads applications reads their secrets, one that reads keys has them all. */
const neverNeeded: readonly Endpoint[] = ['GET /api/application', 'GET /api/api-key'];

/**
 * Asks FusionAuth at the start whether it is set up as the enabled strategies need, until it answers once. `findings` are
 * sentences about what is set up wrongly, each with its cure; empty until FusionAuth answered.
 */
export function selfCheck(
  config: AuthConfig,
  fusionAuth: FusionAuthData,
  { log, clock }: { readonly log: Logger; readonly clock: Clock },
) {
  let findings: readonly string[] = [];
  const attempt = async (): Promise<void> => {
    findings = await checkSetUp(config, fusionAuth, clock);
    for (const finding of findings) log.error({ event: 'misconfigured' }, finding);
  };
  const onFirstFailure = (error: unknown) =>
    log.warn({ err: error }, 'the set-up of FusionAuth cannot be examined yet; trying again');
  return { ...untilSuccess(attempt, { retryMs, onFirstFailure }), findings: () => findings };
}

async function checkSetUp(
  config: AuthConfig,
  fusionAuth: FusionAuthData,
  clock: Clock,
): Promise<readonly string[]> {
  const byStrategy = config.AUTH_STRATEGY.map((name) =>
    catalogue[name].selfCheck?.(config, fusionAuth, clock),
  );
  const findings = await Promise.all([...byStrategy, checkOwnKey(config, fusionAuth.ownKey)]);
  return findings.flatMap((found) => found ?? []);
}

async function checkOwnKey(config: AuthConfig, ownKey: FusionAuthData['ownKey']): Promise<readonly string[]> {
  if (!config.FUSIONAUTH_API_KEY) return [];
  const needed = ownKeyPermissions(config);
  const permitted = (endpoints: readonly Endpoint[]) =>
    Promise.all(endpoints.map((one) => ownKey.permits(one)));
  const [has, opens] = await Promise.all([permitted(needed), permitted(neverNeeded)]);
  const refused = needed.filter((_one, index) => !has[index]).join(', ');
  const open = neverNeeded.filter((_one, index) => opens[index]).join(', ');
  const list = needed.join(', ');
  return [
    ...(refused
      ? [
          `FUSIONAUTH_API_KEY is refused for ${refused}: make a key that permits ${list}, bound to the tenant, and set it.`,
        ]
      : []),
    ...(open
      ? [
          `FUSIONAUTH_API_KEY opens ${open}, which this API must not be able to do: replace it by a key that permits ${list || 'nothing of the kind'} and nothing else (a key without permissions listed may do everything).`,
        ]
      : []),
  ];
}
