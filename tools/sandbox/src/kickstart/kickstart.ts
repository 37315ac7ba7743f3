import {
  fillKickstart,
  fillVariables,
  type Kickstart,
  type KickstartFile,
  type Values,
} from '#gatehouse/fusionauth/kickstart';
import type { Instance } from '../instance.js';
import { buildServer } from '../server.js';
import { emptyState } from '../state/empty-state.js';
import { builtInVariables, newInstallation } from '../state/installation.js';
import type { State } from '../state/state.js';
import { inMemoryOnly } from '../state/state-file.js';
import { makeRsaPairsAhead } from '../tokens/signing-key.js';
import { addApiKeys, sendRequests } from './apply.js';

/**
 * Returns the state of a new instance set up by a kickstart file. It is built separately and not written to disk: a
 * file that is refused half way, or a process that dies meanwhile, leaves nothing behind. Throws ExitError 78.
 */
export async function kickstarted(
  file: KickstartFile,
  secrets: Values,
  services: Omit<Instance, 'state' | 'codes' | 'deviceCodes'>,
): Promise<State> {
  const variables = fillVariables(file, secrets);
  const ids = newInstallation(variables);
  const kickstart = fillKickstart(file, { ...variables, ...builtInVariables(ids) }, secrets);
  makeRsaPairsAhead(1 + kickstart.requests.filter(generatesRsaKey).length);
  const state = { ...(await emptyState(ids, services.now())), kickstartDigest: file.digest };
  addApiKeys(state, kickstart, services.now());
  const instance: Instance = {
    ...services,
    state,
    codes: new Map(),
    deviceCodes: new Map(),
    ...inMemoryOnly,
  };
  const server = buildServer(instance);
  try {
    await sendRequests(server, kickstart, secrets);
  } finally {
    await server.close();
  }
  return instance.state;
}

function generatesRsaKey({ url, body }: Kickstart['requests'][number]): boolean {
  const { algorithm, length = 2048 } = (body?.['key'] ?? {}) as { algorithm?: unknown; length?: unknown };
  return url.startsWith('/api/key/generate') && String(algorithm).startsWith('RS') && Number(length) === 2048;
}
