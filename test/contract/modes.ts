import type { StrategyName } from '#gatehouse/auth';
import { apiKeyModes } from './api-key.modes.js';
import { emailTokenModes } from './email-token.modes.js';
import { jwtModes } from './jwt.modes.js';
import { machineModes } from './machine.modes.js';
import type { Mode, ModeName } from './mode.js';

/** A strategy in the catalogue without a way to issue its credentials here does not compile. */
const minters: Readonly<Record<StrategyName, readonly Mode[]>> = {
  jwt: [...jwtModes, ...machineModes],
  'api-key': apiKeyModes,
  'email-token': emailTokenModes,
};

/** Every mode of every strategy. */
export const allModes: readonly Mode[] = Object.values(minters).flat();

export function modeOf(name: ModeName): Mode {
  const mode = allModes.find((one) => one.name === name);
  if (!mode) throw new Error(`no such mode: ${name}`);
  return mode;
}
