import { FusionAuthRefusedUs } from '#gatehouse/fusionauth';
import type { Json, Setup } from '#gatehouse/fusionauth/control';
import type { DevCenterConfig } from '../config.js';
import { type FusionAuthContext, strongestControl } from '../context.js';
import { eventsOf, readWanted } from '../provision/wanted.js';
import { eventSwitches, isForAnotherTenant } from '../provision/webhooks.js';
import { type Check, failed, passed, unchecked } from './check.js';

const name = 'webhooks';
const notTried = 'whether events arrive was not tried: use "doctor --canary"';

interface Settings {
  readonly config: DevCenterConfig;
  readonly setup: Setup;
  /** The events that report revoked access. */
  readonly events: readonly string[];
  /** The events that the tenant sends. */
  readonly byTenant: readonly string[];
}

/**
 * Checks whether the events that report revoked access are sent, by the settings alone: three must agree for each
 * event, and the signature.
 */
export async function checkWebhooks({ config }: FusionAuthContext): Promise<Check> {
  const { setup } = strongestControl(config);
  try {
    const [wanted, tenant, all] = await Promise.all([
      readWanted(config),
      setup.tenant.read(),
      setup.webhooks(),
    ]);
    const events = eventsOf(wanted.tenant);
    const switches = eventSwitches(tenant);
    const byTenant = events.filter((event) => switches[event]?.enabled);
    return await compare({ config, setup, events, byTenant }, all);
  } catch (error) {
    if (!(error instanceof FusionAuthRefusedUs)) throw error;
    return unchecked(name, `not checked, because the key of one tenant may not read them; ${notTried}`);
  }
}

/** Tells whether the Todo API should receive events, as far as is known here. */
const isPush = ({ WEBHOOK_URL: url, WEBHOOK_KEY_ID: key }: DevCenterConfig): boolean =>
  url !== undefined || key !== undefined;

async function compare(settings: Settings, all: readonly Json[]): Promise<Check> {
  const { config } = settings;
  const { WEBHOOK_URL: url } = config;
  const ours = all.filter(
    (one) => (url === undefined || one['url'] === url) && !isForAnotherTenant(one, config),
  );
  if (ours.length === 0) {
    const there = url === undefined ? 'none is set up' : 'none calls WEBHOOK_URL';
    return isPush(config)
      ? failed(name, `${there}: "npm run provision" with WEBHOOK_URL creates one`)
      : unchecked(
          name,
          `${there}: locks and log-outs are noticed when FusionAuth is called, or a token expires`,
        );
  }
  const faults = await Promise.all(ours.map((one) => faultsOf(settings, one)));
  // One that sends the Todo API everything is enough; webhooks for others are not checked.
  const good = isPush(config)
    ? faults.some((one) => one.length === 0)
    : faults.every((one) => one.length === 0);
  if (good) return passed(name, `their settings agree; ${notTried}`);
  const texts = faults.flatMap((one, at) =>
    one.length === 0 ? [] : [`${String(ours[at]?.['id'])} ${one.join('; ')}`],
  );
  return failed(name, `${texts.join('. ')}. "npm run provision" with WEBHOOK_URL fixes it`);
}

/** Returns why a webhook does not send what it should: with push all events, otherwise those that are on. */
async function faultsOf({ config, setup, events, byTenant }: Settings, webhook: Json): Promise<string[]> {
  const enabled = (webhook['eventsEnabled'] ?? {}) as Readonly<Record<string, boolean>>;
  const off = isPush(config) ? events.filter((event) => !enabled[event]) : [];
  const unsent = events.filter((event) => (isPush(config) || enabled[event]) && !byTenant.includes(event));
  const { global: everywhere, tenantIds } = webhook as { global?: boolean; tenantIds?: readonly string[] };
  return [
    ...(everywhere || tenantIds?.includes(config.FUSIONAUTH_TENANT_ID)
      ? []
      : ['is neither global nor for a tenant, so it is never called']),
    ...(off.length > 0 ? [`has events off: ${off.join(', ')}`] : []),
    ...(unsent.length > 0 ? [`waits for events that are off at the tenant: ${unsent.join(', ')}`] : []),
    ...(isPush(config) ? await signatureFaults(config, setup, webhook) : []),
  ];
}

async function signatureFaults(
  { WEBHOOK_KEY_ID: wanted }: DevCenterConfig,
  setup: Setup,
  webhook: Json,
): Promise<string[]> {
  const signature = webhook['signatureConfiguration'] as
    { enabled?: boolean; signingKeyId?: string } | undefined;
  if (!signature?.enabled) return ['is not signed, so the Todo API refuses its events'];
  if (wanted === undefined) return [];
  const key = await setup.signingKey(signature.signingKeyId ?? '').read();
  const kid = String(key?.['kid']);
  return kid === wanted ? [] : [`is signed by the key ${kid}, while WEBHOOK_KEY_ID is ${wanted}`];
}
