import { invalidRequest } from '../errors.js';
import type { World } from '../world.js';

/** Entities are a paid feature. Throws 400 when the setting `licensed` is off. */
export function requireLicence({ settings }: World): void {
  if (!settings.licensed) throw invalidRequest('notLicensed', 'Entities need a paid plan of FusionAuth.');
}
