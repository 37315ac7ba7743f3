import type { Environment } from '#gatehouse/platform';
import { type Mode, takesWebhooks } from '../modes.js';
import type { Api } from './api.js';
import type { Apis } from './apis.js';
import type { Realm } from './maker.js';
import type { World } from './world.js';

interface OpenOptions {
  /** Settings beyond those of the world and the mode. */
  readonly settings?: Environment;
  readonly realm?: Realm;
}

/** Opens an API for a mode in a world; where the mode needs it, FusionAuth sends it webhooks. */
export async function openIn(
  world: World,
  apis: Apis,
  mode: Mode,
  { settings, realm = world.realm }: OpenOptions = {},
): Promise<Api> {
  const api = await apis.open(world.settings(mode, settings, realm));
  if (takesWebhooks(mode)) await world.newWebhook(`${api.url}/webhooks/fusionauth`, realm.tenantId);
  return api;
}
