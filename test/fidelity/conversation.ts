import type { Step } from './step.js';
import { publicDocuments } from './steps/documents.js';
import { farewell } from './steps/farewell.js';
import { refusedGrants } from './steps/grants.js';
import { keysAndGroups } from './steps/keys.js';
import { locks, logIns } from './steps/log-in.js';
import { people, registrations } from './steps/people.js';
import { setup } from './steps/setup.js';
import { sessions, tokens } from './steps/tokens.js';
import { webhooks } from './steps/webhooks.js';

/**
 * The requests sent to both FusionAuth and the sandbox, in order, with the status that FusionAuth documents. They
 * create their own users and key, and remove them. To cover an operation, add a step.
 */
export const conversation: readonly Step[] = [
  ...publicDocuments,
  ...setup,
  ...refusedGrants,
  ...people,
  ...registrations,
  ...logIns,
  ...tokens,
  ...sessions,
  ...locks,
  ...keysAndGroups,
  ...webhooks,
  ...farewell,
];
