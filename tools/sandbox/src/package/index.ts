import { createLogger, processEnvironment } from '#gatehouse/platform';
import { startSandbox as start } from '../start-sandbox.js';
import type { StartSandbox } from './api.js';
import { inTermsOf } from './own-terms.js';
import { peopleOf } from './people.js';

export { runCommand } from './command.js';

/** Starts a sandbox for a test suite; api.ts documents it. */
export const startSandbox: StartSandbox = async (options = {}) => {
  const { port = 0, kickstart, environment, dataDir, now } = options;
  const starting = start({
    port,
    host: '127.0.0.1',
    log: createLogger('gatehouse-sandbox', 'silent'),
    environment: { ...processEnvironment(), ...environment },
    ...(kickstart === undefined ? {} : { kickstartFile: kickstart }),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(now === undefined ? {} : { clock: now }),
  });
  const core = await inTermsOf({ DATA_DIR: 'dataDir', KICKSTART_FILE: 'kickstart', PORT: 'port' }, starting);
  const { url, secrets, clock, faults, requests, webhooks, settings, rotateKey, withdrawKey, reset } = core;
  return {
    ...{ url, secrets, clock, faults, requests, webhooks, settings, rotateKey, withdrawKey, reset },
    ...peopleOf(core),
    call: core.administer,
    stop: () => core.close(),
  };
};
