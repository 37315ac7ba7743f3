import { apiKeyProbe } from './api-key-probe.js';
import { publicDocuments } from './discovery.js';
import { introspection } from './introspection.js';
import { login } from './login.js';
import { ownKey } from './own-key.js';
import { sessionRecords } from './session-records.js';
import { type FusionAuthDataSettings, transport } from './transport.js';
import { webhookLog } from './webhook-log.js';

export type FusionAuthData = ReturnType<typeof fusionAuthData>;

/** The calls that requests and background work make: pooled, with a deadline, without redirects. */
export function fusionAuthData(settings: FusionAuthDataSettings) {
  const { call, close } = transport(settings.url, settings.deadlineMs, settings.onCall);
  return {
    ...publicDocuments(call, settings.tenantId),
    introspect: introspection(call, settings),
    records: sessionRecords(call, settings),
    apiKeys: apiKeyProbe(call, settings.probeGroupId),
    login: login(call, settings),
    ownKey: ownKey(call, settings),
    webhookLog: webhookLog(call, settings),
    close,
  };
}
