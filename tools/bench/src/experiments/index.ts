import type { Experiment } from '../bench.js';
import { calls, stampede } from './calls.js';
import { client } from './client.js';
import { agedKeys, unknownKeys } from './keys.js';
import { lambda } from './lambda.js';
import { list } from './list.js';
import { local } from './local.js';
import { flood, outage } from './outage.js';
import { mail, scan } from './reminder.js';
import { remote } from './remote.js';
import { revocation } from './revocation.js';

/** The experiments in the order in which they run. */
export const experiments: readonly Experiment[] = [
  local,
  remote,
  calls,
  stampede,
  unknownKeys,
  agedKeys,
  outage,
  flood,
  list,
  revocation,
  client,
  lambda,
  scan,
  mail,
];
