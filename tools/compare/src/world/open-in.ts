import type { Environment } from '#gatehouse/platform';
import { type Mode, takesWebhooks } from '../modes.js';
import type { Door, DoorSettings } from './door.js';
import type { Doors } from './doors.js';
import type { Realm } from './maker.js';
import type { World } from './world.js';

interface OpenOptions extends Omit<DoorSettings, 'environment'> {
  /** Settings beyond those of the world and the mode. */
  readonly settings?: Environment;
  readonly realm?: Realm;
}

/** Opens a door for a mode in a world; where the mode needs it, FusionAuth sends it webhooks. */
export async function openIn(
  world: World,
  doors: Doors,
  mode: Mode,
  { settings, realm = world.realm, ...more }: OpenOptions = {},
): Promise<Door> {
  const door = await doors.open(world.settings(mode, settings, realm), more);
  if (takesWebhooks(mode)) await world.newWebhook(`${door.url}/webhooks/fusionauth`, realm.tenantId);
  return door;
}
