import { atExpiry, type CellReader } from '../cells.js';
import type { Cell, ReportMode } from '../report.js';

/** The result of an answer for a mode: points for or against it, and why. */
export interface Finding {
  readonly points: number;
  readonly text: string;
  /** True if the mode cannot meet the answer's demand. */
  readonly out?: boolean;
  /** The claim of the guide that it rests on, besides or instead of cells. */
  readonly claim?: string;
}

/** The actions that revoke a credential itself; each mode has some of them. */
const endings = ['delete-key/1', 'revoke-refresh-token/1', 'revoke-all-of-user/1', 'delete-entity-grant/1'];

/** Judges whether a revoked credential stops working before it expires. */
export function endsInSeconds(mode: string, cells: CellReader): Finding | undefined {
  const there = endings.flatMap((row) => cells.cell('lag', row, mode) ?? []).filter(hasValue);
  // A credential that cannot be revoked itself is revoked with its user.
  const judged =
    there.length > 0 ? there : [cells.cell('lag', 'delete-registration/1', mode)].filter(hasValue);
  if (judged.length === 0) return undefined;
  const ends = [...new Set(judged.map(({ text }) => text))].join(' or ');
  return judged.some(({ value }) => value === atExpiry)
    ? { points: -3, text: `It keeps working: refused ${ends}.` }
    : { points: 2, text: `Refused after ${ends}.` };
}

/** Judges whether locking a user in FusionAuth locks the client out. */
export function followsUser(mode: string, cells: CellReader): Finding {
  const cell = cells.cell('lag', 'lock-user/1', mode);
  if (cell?.value === undefined)
    return { points: -2, text: `There is no user to lock (${cell?.why ?? 'not measured'}).` };
  return cell.value === atExpiry
    ? { points: -1, text: `A lock is noticed late: ${cell.text}.` }
    : { points: 2, text: `A lock works after ${cell.text}.` };
}

const hasValue = (cell: Cell | undefined): cell is Cell => cell?.value !== undefined;

/** From this share of the fastest mode's peak rate on, a difference does not matter to a decision. */
const negligible = 0.9;

/** Judges the number of requests that one server can serve, relative to the best of all modes. */
export function costsCpu(mode: string, cells: CellReader, modes: readonly ReportMode[]): Finding {
  const peaks = modes.map(({ id }) => cells.number('cost', 'peak', id));
  const share = cells.number('cost', 'peak', mode) / Math.max(...peaks);
  const text = `One core serves ${percent(share)} of the requests that it serves in the fastest mode.`;
  if (share >= negligible) return { points: 1, text };
  return { points: share >= 0.5 ? -1 : -2, text };
}

/** Judges how often FusionAuth is called, by the number of clients. */
export function asksFusionAuth(clients: string, mode: string, cells: CellReader): Finding {
  const calls = cells.number('calls', `calls-${clients}`, mode);
  const text =
    calls === 0
      ? 'No request causes a call to FusionAuth.'
      : `${calls} calls to FusionAuth for 1,000 requests.`;
  if (calls <= 1) return { points: 1, text };
  if (calls <= 200) return { points: 0, text };
  return { points: calls <= 1_000 ? -1 : -2, text };
}

/** Judges the answers to callers while FusionAuth refuses connections, with used and with new credentials. */
export function servesOn(mode: string, cells: CellReader): Finding {
  const known = cells.number('outage', 'refused/served', mode);
  const fresh = cells.number('outage', 'refused/served-new', mode);
  const text = `While FusionAuth was unavailable, ${percent(known)} of requests were served, and ${percent(fresh)} with new credentials.`;
  if (fresh >= 0.99) return { points: 2, text };
  return { points: known >= 0.99 ? 0 : -2, text };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Judges whether a person must be present to set a client up. */
export function needsPerson(mode: string, cells: CellReader): Finding {
  const steps = cells.number('set-up', 'human-steps', mode);
  return steps === 0
    ? { points: 1, text: 'No step of its set-up needs a person.' }
    : { points: -3, out: true, text: `Steps of its set-up that need a person: ${steps}.` };
}

export function needsPlan(mode: string, cells: CellReader): Finding | undefined {
  const plan = String(cells.value('set-up', 'plan', mode));
  return plan.startsWith('Community')
    ? undefined
    : { points: -3, out: true, text: `It needs a paid plan: ${plan}.` };
}

/** Judges the access that a leaked credential gives at FusionAuth itself. */
export function opens(mode: string, cells: CellReader): Finding {
  const opened = cells.number('blast-radius', 'opened', mode);
  return opened === 0
    ? { points: 1, text: 'It gives no access to FusionAuth.' }
    : { points: -opened, text: `Calls to FusionAuth that it permits: ${opened}.` };
}

/** Judges whether a leaked credential expires. */
export function livesOn(mode: string): Finding {
  switch (mode) {
    case 'email-token':
      return { points: -2, text: 'FusionAuth gives it no expiry.', claim: 'email-token/no-automatic-expiry' };
    case 'api-key':
      return {
        points: -1,
        text: 'It expires only if its issuer set an expiry.',
        claim: 'api-key/no-automatic-expiry',
      };
    default:
      return { points: 1, text: 'An access token expires within the hour.', claim: 'jwt/lockable-user' };
  }
}
