import { strategyNames } from '#gatehouse/auth';
import { FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { type Center, controlWith } from '../center.js';
import { provision } from '../commands/provision.command.js';
import { type Check, fine, open, wrong } from './check.js';
import { missingFor, openGuard } from './guard.js';
import { checkWebhooks } from './webhooks.js';

/** Seconds that the clocks may differ: CLOCK_SKEW_SECONDS of the Todo API is 30 at most. */
const skewAllowed = 30;

/** Whether this FusionAuth is set up right. Changes nothing. */
export async function checkSetUp(center: Center): Promise<Check[]> {
  const reached = await issuer(center);
  if (isAway(reached)) return [reached];
  const rest = await Promise.all([clocks(center), guard(center), provisioned(center), webhooks(center)]);
  return [reached, ...rest.flat()];
}

/** Says that FusionAuth could not be asked, so that nothing else could be looked at. */
export const isAway = ({ ok, name }: Check): boolean => ok === false && name === 'FusionAuth';

async function issuer({ data, config }: Center): Promise<Check> {
  try {
    const found = await data.readIssuer();
    const wanted = config.FUSIONAUTH_ISSUER ?? found;
    return found === wanted
      ? fine('issuer', found)
      : wrong('issuer', `tokens say ${JSON.stringify(found)}, FUSIONAUTH_ISSUER ${JSON.stringify(wanted)}`);
  } catch (error) {
    if (!(error instanceof FusionAuthUnavailable)) throw error;
    return wrong(
      'FusionAuth',
      `no answer at ${config.FUSIONAUTH_URL} (${error.message}): see whether it is up`,
    );
  }
}

async function clocks({ data, clock }: Center): Promise<Check> {
  const theirs = await data.readClock();
  if (theirs === undefined) return open('clock', 'FusionAuth does not tell its time');
  const ahead = Math.round((theirs - clock()) / 1000);
  const text = `FusionAuth's is ${Math.abs(ahead)} s ${ahead < 0 ? 'behind' : 'ahead of'} this machine's`;
  return Math.abs(ahead) <= skewAllowed
    ? fine('clock', text)
    : wrong('clock', `${text}: tokens are refused as expired or not yet valid; synchronise both by NTP`);
}

/** What the Todo API's guard says of FusionAuth at its own start: keys, signing algorithm, its own key. */
async function guard(center: Center): Promise<Check[]> {
  const { config } = center;
  const { AUTH_STRATEGY: names = strategyNames } = config;
  const opened = await openGuard(
    center,
    names.filter((name) => missingFor(center, name).length === 0),
  );
  const { reasons } = opened.readiness();
  opened.close();
  const own = config.FUSIONAUTH_API_KEY
    ? []
    : [open('the Todo API’s own key', 'not looked at: FUSIONAUTH_API_KEY is not set here')];
  return [
    ...(reasons.length === 0 ? [fine('keys')] : reasons.map((reason) => wrong('keys', reason))),
    ...own,
  ];
}

async function provisioned(center: Center): Promise<Check[]> {
  try {
    const { changes, notes, ok } = await provision(center, true);
    const differences = changes.map(({ part, text }) => wrong(part, `${text}: "npm run provision" mends it`));
    const remarks = notes.map((note) => (ok ? open('set-up', note) : wrong('set-up', note)));
    return differences.length + remarks.length === 0
      ? [fine('set-up', 'application, roles, redirect URIs, probe group, permissions')]
      : [...differences, ...remarks];
  } catch (error) {
    if (!(error instanceof FusionAuthRefusedUs)) throw error;
    return [wrong('set-up', `${error.setting} may not ${error.operation}, or is no key of this FusionAuth`)];
  }
}

async function webhooks({ config }: Center): Promise<Check> {
  const { FUSIONAUTH_BOOTSTRAP_KEY: bootstrap, FUSIONAUTH_MANAGER_KEY: manager } = config;
  const { setup } = controlWith(config, 'FUSIONAUTH_MANAGER_KEY', bootstrap ?? manager);
  try {
    const [tenant, all] = await Promise.all([setup.tenant.read(), setup.webhooks()]);
    return checkWebhooks(tenant ?? {}, all);
  } catch (error) {
    if (!(error instanceof FusionAuthRefusedUs)) throw error;
    return open('webhooks', 'not looked at, since the key of one tenant may not');
  }
}
