import { apiKeys } from './control/api-keys.js';
import { controlClient, type ControlSettings } from './control/client.js';
import { entities } from './control/entities.js';
import { people } from './control/people.js';
import { serviceUsers } from './control/service-users.js';
import { sessions } from './control/sessions.js';
import { setup } from './control/setup.js';

export { walkCodeGrant, type CodeGrant } from './control/code-grant.js';
export {
  type ApprovalRequest,
  type DeviceGrant,
  DeviceGrantError,
  type DeviceTokens,
  walkDeviceGrant,
} from './control/device-grant.js';
export type { ApiKeyRecord } from './control/api-keys.js';
export { isUsable, type PersonRecord } from './control/people.js';
export type { ControlSettings } from './control/client.js';
export type { Json, Setup, SetupPart } from './control/setup.js';

export type FusionAuthControl = ReturnType<typeof fusionAuthControl>;

/** Configures FusionAuth, and issues and revokes credentials, with the official client; never on the request path. */
export function fusionAuthControl(settings: ControlSettings) {
  const client = controlClient(settings);
  return {
    apiKeys: apiKeys(client, settings.tenantId),
    users: serviceUsers(client, settings),
    entities: entities(client),
    people: people(client, settings),
    sessions: sessions(client),
    setup: setup(client, settings),
  };
}
