import { strategyNames } from '#gatehouse/auth';
import { FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import type { FusionAuthContext } from '../context.js';
import { provision } from '../provision/provision.js';
import { type Check, failed, isUnavailable, passed, unchecked } from './check.js';
import { missingFor, openGuard } from './guard.js';
import { checkWebhooks } from './webhooks.js';

/** How far the clocks may differ, in seconds: CLOCK_SKEW_SECONDS of the Todo API is 30 at most. */
const allowedSkewSeconds = 30;

/** Checks whether this FusionAuth is configured correctly. Changes nothing. */
export async function checkSetUp(context: FusionAuthContext): Promise<Check[]> {
  const first = await checkIssuer(context);
  if (isUnavailable(first)) return [first];
  const looks = [checkClocks, checkGuard, checkProvisioned, checkWebhooks];
  const rest = await Promise.all(looks.map((look) => look(context)));
  return [first, ...rest.flat()];
}

async function checkIssuer({ data, config }: FusionAuthContext): Promise<Check> {
  try {
    const found = await data.readIssuer();
    const wanted = config.FUSIONAUTH_ISSUER ?? found;
    return found === wanted
      ? passed('issuer', found)
      : failed('issuer', `tokens say ${JSON.stringify(found)}, FUSIONAUTH_ISSUER ${JSON.stringify(wanted)}`);
  } catch (error) {
    if (!(error instanceof FusionAuthUnavailable)) throw error;
    return failed(
      'FusionAuth',
      `no answer at ${config.FUSIONAUTH_URL} (${error.message}): check whether it is running`,
    );
  }
}

async function checkClocks({ data, clock }: FusionAuthContext): Promise<Check> {
  const theirs = await data.readClock();
  if (theirs === undefined) return unchecked('clock', 'FusionAuth does not state its time');
  const ahead = Math.round((theirs - clock()) / 1000);
  const text = `FusionAuth's is ${Math.abs(ahead)} s ${ahead < 0 ? 'behind' : 'ahead of'} this machine's`;
  return Math.abs(ahead) <= allowedSkewSeconds
    ? passed('clock', text)
    : failed('clock', `${text}: tokens are refused as expired or not yet valid; synchronise both by NTP`);
}

/** Returns the findings of the Todo API's guard about FusionAuth at its start: keys, signing algorithm, its own key. */
async function checkGuard(context: FusionAuthContext): Promise<Check[]> {
  const { AUTH_STRATEGY: names = strategyNames, FUSIONAUTH_API_KEY: ownKey } = context.config;
  const guard = await openGuard(
    context,
    names.filter((name) => missingFor(context, name).length === 0),
  );
  const { reasons } = guard.readiness();
  guard.close();
  const checks = reasons.length === 0 ? [passed('keys')] : reasons.map((reason) => failed('keys', reason));
  if (!ownKey)
    checks.push(unchecked('the Todo API’s own key', 'not checked: FUSIONAUTH_API_KEY is not set here'));
  return checks;
}

async function checkProvisioned(context: FusionAuthContext): Promise<Check[]> {
  try {
    const { changes, notes, ok } = await provision(context, true);
    const checks = [
      ...changes.map(({ part, text }) => failed(part, `${text}: "npm run provision" fixes it`)),
      ...notes.map((note) => (ok ? unchecked('set-up', note) : failed('set-up', note))),
    ];
    return checks.length > 0
      ? checks
      : [passed('set-up', 'application, roles, redirect URIs, probe group, permissions')];
  } catch (error) {
    if (!(error instanceof FusionAuthRefusedUs)) throw error;
    return [
      failed(
        'set-up',
        `${error.setting} does not permit ${error.operation}, or is not a key of this FusionAuth`,
      ),
    ];
  }
}
