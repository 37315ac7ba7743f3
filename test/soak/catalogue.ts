import type { Proof } from './proof.js';
import { coldStart } from './proofs/cold-start.js';
import { compareKills } from './proofs/compare-kills.js';
import { faults } from './proofs/faults.js';
import { fuzz } from './proofs/fuzz.js';
import { gatewayRotation } from './proofs/gateway-rotation.js';
import { hostile } from './proofs/hostile.js';
import { issueKills } from './proofs/issue-kills.js';
import { keyRotation } from './proofs/key-rotation.js';
import { kickstartKills } from './proofs/kickstart-kills.js';
import { lockOut } from './proofs/lock-out.js';
import { mutation } from './proofs/mutation.js';
import { outage } from './proofs/outage.js';
import { provisionKills } from './proofs/provision-kills.js';
import { reminderDrain } from './proofs/reminder-drain.js';
import { reminderKills } from './proofs/reminder-kills.js';
import { reminderSmtpFaults } from './proofs/reminder-smtp-faults.js';
import { reminderWorkers } from './proofs/reminder-workers.js';
import { revocationLag } from './proofs/revocation-lag.js';
import { revocationTrouble } from './proofs/revocation-trouble.js';
import { rotation } from './proofs/rotation.js';
import { secrets } from './proofs/secrets.js';
import { tokenRace } from './proofs/token-race.js';

/** Every proof, one line each. */
export const proofs: readonly Proof[] = [
  hostile,
  outage,
  faults,
  coldStart,
  keyRotation,
  gatewayRotation,
  lockOut,
  fuzz,
  rotation,
  revocationLag,
  revocationTrouble,
  kickstartKills,
  provisionKills,
  issueKills,
  compareKills,
  secrets,
  mutation,
  reminderKills,
  reminderWorkers,
  reminderSmtpFaults,
  reminderDrain,
  tokenRace,
];
