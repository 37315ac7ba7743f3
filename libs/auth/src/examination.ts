import type { Endpoint, FusionAuthData } from '#gatehouse/fusionauth';
import type { Clock, Logger } from '#gatehouse/platform';
import { type AuthConfig, ownKeyPermissions } from './settings.js';
import { catalogue } from './strategies/index.js';

const retryEvery = 10_000;
/** What no strategy needs: who can read applications reads their secrets, and who can read keys has them. */
const neverNeeded: readonly Endpoint[] = ['GET /api/application', 'GET /api/api-key'];

export interface Examination {
  /** Sentences about what is set up wrongly, each with its cure; empty until FusionAuth could be asked. */
  readonly findings: () => readonly string[];
  /** Resolves after the first attempt; from then on tries again until FusionAuth could be asked. */
  readonly start: () => Promise<void>;
  readonly close: () => void;
}

/** Asks FusionAuth once after the start whether it is set up as the enabled strategies need. */
export function examination(
  config: AuthConfig,
  fusionAuth: FusionAuthData,
  { log, clock }: { readonly log: Logger; readonly clock: Clock },
): Examination {
  let findings: readonly string[] = [];
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  let failing = false;
  const start = async (): Promise<void> => {
    try {
      findings = await examine(config, fusionAuth, clock);
      for (const finding of findings) log.error({ event: 'misconfigured' }, finding);
    } catch (error) {
      if (closed) return;
      if (!failing) log.warn({ err: error }, 'the set-up of FusionAuth cannot be examined yet; trying again');
      failing = true;
      retry = setTimeout(() => void start(), retryEvery).unref();
    }
  };
  const close = () => {
    closed = true;
    clearTimeout(retry);
  };
  return { findings: () => findings, start, close };
}

async function examine(
  config: AuthConfig,
  fusionAuth: FusionAuthData,
  clock: Clock,
): Promise<readonly string[]> {
  const byStrategy = config.AUTH_STRATEGY.map((name) => catalogue[name].examine?.(config, fusionAuth, clock));
  const findings = await Promise.all([...byStrategy, examineOwnKey(config, fusionAuth.ownKey)]);
  return findings.flatMap((found) => found ?? []);
}

async function examineOwnKey(
  config: AuthConfig,
  ownKey: FusionAuthData['ownKey'],
): Promise<readonly string[]> {
  if (!config.FUSIONAUTH_API_KEY) return [];
  const needed = ownKeyPermissions(config);
  const [refused, open] = await Promise.all([
    Promise.all(needed.map(async (one) => ((await ownKey.permits(one)) ? [] : [one]))),
    Promise.all(neverNeeded.map(async (one) => ((await ownKey.permits(one)) ? [one] : []))),
  ]);
  return [...tooWeak(refused.flat(), needed), ...tooStrong(open.flat(), needed)];
}

const list = (endpoints: readonly string[]) => endpoints.join(', ');

const tooWeak = (refused: readonly Endpoint[], needed: readonly Endpoint[]): string[] =>
  refused.length === 0
    ? []
    : [
        `FUSIONAUTH_API_KEY is refused for ${list(refused)}: make a key that permits ${list(needed)}, bound to the tenant, and set it.`,
      ];

const tooStrong = (open: readonly Endpoint[], needed: readonly Endpoint[]): string[] =>
  open.length === 0
    ? []
    : [
        `FUSIONAUTH_API_KEY opens ${list(open)}, which this API must not be able to do: replace it by a key that permits ${list(needed) || 'nothing of the kind'} and nothing else (a key without permissions listed may do everything).`,
      ];
