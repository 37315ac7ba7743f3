import type { Endpoint, FusionAuthData } from '#gatehouse/fusionauth';
import { type Clock, type Logger, untilSuccess } from '#gatehouse/platform';
import { type AuthConfig, ownKeyPermissions } from './settings.js';
import { catalogue } from './strategies/index.js';

const retryMs = 10_000;
/**
 * Permissions that no strategy needs: a key that may read applications sees their secrets, one that may read keys
 * sees all of them.
 */
const neverNeeded: readonly Endpoint[] = ['GET /api/application', 'GET /api/api-key'];

/**
 * Checks at start whether FusionAuth is configured as the enabled strategies need, and retries until it answers once.
 * `findings` are sentences about what is wrong, each with its remedy; empty until FusionAuth answers.
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
    log.warn({ err: error }, 'the set-up of FusionAuth cannot be checked; retrying');
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
          `FUSIONAUTH_API_KEY permits ${open}, which this API must not be able to call: replace it with a key that permits only ${list || 'what this API needs'} (a key without listed permissions may do everything).`,
        ]
      : []),
  ];
}
