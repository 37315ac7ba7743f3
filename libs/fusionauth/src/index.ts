export type { ProbeResult } from './api-key-probe.js';
export { fusionAuthData, type FusionAuthData } from './data.js';
export type { DiscoveryDocument } from './discovery.js';
export { hostedBackend, type HostedBackend } from './hosted-backend.js';
export type { LoginResult } from './login.js';
export { type Endpoint, optionalPermissions, type Permission } from './own-key.js';
export type { CallObserver } from './transport.js';
export type { SessionRecords } from './session-records.js';
export { FusionAuthDeclined, FusionAuthRefusedUs, FusionAuthUnavailable } from './unavailable.js';
export {
  readWebhookEvent,
  type WebhookEvent,
  type WebhookEventType,
  webhookEventTypes,
} from './webhook-event.js';
