import { randomUUID } from 'node:crypto';
import type { Administrator } from '../controls/administrator.js';
import type { Controls } from '../controls/controls.js';
import type { Fault } from '../controls/faults.js';
import type { Instance } from '../instance.js';
import { preventingActions } from '../users/user-actions.js';

/** A submitted form of the page. */
export interface Pressed {
  readonly instance: Instance;
  readonly controls: Controls;
  readonly administer: Administrator;
  /** Returns a field of the form; throws where it is missing or empty. */
  readonly field: (name: string) => string;
}

interface Button {
  /** The section that contains the button; the page is shown there again afterwards. */
  readonly section: string;
  /** The message that is shown afterwards. */
  readonly done: string;
  /** Throws when nothing was changed; the message is shown to the person who pressed the button. */
  readonly run: (pressed: Pressed) => unknown;
}

const hourMs = 3_600_000;
const lockedForMs = 24 * hourMs;

/** The buttons by name. Each only calls operations of FusionAuth's API or the controls of `/_sandbox`. */
export const buttons: Readonly<Record<string, Button>> = {
  'lock-user': { section: 'users', done: 'The user is locked for a day.', run: lockUser },
  'unlock-user': { section: 'users', done: 'The user is unlocked.', run: unlockUser },
  'deactivate-user': {
    section: 'users',
    done: 'The user is deactivated.',
    run: ({ administer, field }) =>
      administer({ method: 'DELETE', path: `/api/user/${id(field('userId'))}` }),
  },
  'reactivate-user': {
    section: 'users',
    done: 'The user is active again.',
    run: ({ administer, field }) =>
      administer({ method: 'PUT', path: `/api/user/${id(field('userId'))}?reactivate=true` }),
  },
  'revoke-session': {
    section: 'sessions',
    done: 'The session is revoked. Access tokens that came from it work until they expire.',
    run: ({ administer, field }) =>
      administer({ method: 'DELETE', path: `/api/jwt/refresh/${id(field('sessionId'))}` }),
  },
  'expire-session': {
    section: 'sessions',
    done: 'The refresh token has expired. Access tokens that came from it work until they expire.',
    run: ({ controls, field }) => controls.expireSession(field('sessionId')),
  },
  'rotate-key': {
    section: 'keys',
    done: 'A new key signs. The old one stays in the key set, so its tokens still verify.',
    run: ({ controls, field }) => controls.rotateKey(field('kid')),
  },
  'withdraw-key': {
    section: 'keys',
    done: 'The key was removed from the key set. Its tokens can no longer be verified.',
    run: ({ controls, field }) => controls.withdrawKey(field('kid')),
  },
  'expire-api-key': {
    section: 'api-keys',
    done: 'The API key has expired.',
    run: ({ administer, instance, field }) =>
      administer({
        method: 'PATCH',
        path: `/api/api-key/${id(field('keyId'))}`,
        body: { apiKey: { expirationInstant: instance.now() } },
      }),
  },
  'advance-clock': {
    section: 'clock',
    done: 'The clock was moved.',
    run: ({ controls }) => controls.clock.advance(hourMs),
  },
  'set-clock': {
    section: 'clock',
    done: 'The clock was set.',
    run: ({ controls, field }) => controls.clock.set(instantOf(field('instant'))),
  },
  'real-clock': {
    section: 'clock',
    done: 'The clock shows real time.',
    run: ({ controls }) => controls.clock.reset(),
  },
  'set-fault': {
    section: 'faults',
    done: 'The fault is active.',
    run: ({ controls, field }) => controls.faults.set(field('operation'), faultOf(field)),
  },
  'clear-faults': {
    section: 'faults',
    done: 'No fault is active.',
    run: ({ controls }) => controls.faults.clear(),
  },
  reset: {
    section: 'main',
    done: 'The sandbox was reset to its kickstart file.',
    run: ({ controls }) => controls.reset(),
  },
};

/** The faults that the form offers, by name. */
export const faultKinds: Readonly<Record<string, { readonly title: string; readonly fault: Fault }>> = {
  down: { title: 'Down: drops every connection', fault: { answer: 'reset' } },
  hang: { title: 'Hangs: never answers', fault: { answer: 'hang' } },
  error: { title: 'Answers 500', fault: { status: 500 } },
  slow: { title: 'Slow: answers after 2 s', fault: { delayMs: 2000 } },
};

function faultOf(field: Pressed['field']): Fault {
  const { fault } = faultKinds[field('kind')] ?? {};
  if (!fault) throw new Error(`There is no fault ${field('kind')}.`);
  const seconds = Number(field('seconds'));
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 86_400)
    throw new Error('The seconds must be a whole number up to 86,400; 0 means until cleared.');

  return seconds === 0 ? fault : { ...fault, forMs: seconds * 1000 };
}

/** Parses the value of a date and time field as UTC, into milliseconds since the epoch. */
function instantOf(text: string): number {
  const instant = Date.parse(`${text}Z`);
  if (Number.isNaN(instant)) throw new Error('The instant must be a date and a time in UTC.');
  return instant;
}

/** Escapes an id from a form so that it stays one segment of a path. */
const id = encodeURIComponent;

/**
 * Applies the first user action that prevents logging in, as an administrator would; creates one where there is none.
 */
async function lockUser({ administer, instance, field }: Pressed): Promise<void> {
  const userId = field('userId');
  const action = {
    actioneeUserId: userId,
    actionerUserId: userId,
    userActionId: lockingAction(instance) ?? (await newLockingAction(administer)),
    comment: lockComment,
    expiry: instance.now() + lockedForMs,
  };
  await administer({ method: 'POST', path: '/api/user/action', body: { action } });
}

const lockComment = "Locked on the sandbox's page";

const lockingAction = ({ state }: Instance): string | undefined =>
  [...state.userActions.values()].find(({ active, preventLogin }) => active && preventLogin)?.id;

async function newLockingAction(administer: Administrator): Promise<string> {
  const userActionId = randomUUID();
  const userAction = { name: lockComment, preventLogin: true, temporal: true };
  await administer({ method: 'POST', path: `/api/user-action/${userActionId}`, body: { userAction } });
  return userActionId;
}

/** Cancels every active action that keeps the user from logging in. */
async function unlockUser({ administer, instance, field }: Pressed): Promise<void> {
  const userId = field('userId');
  const body = { action: { actionerUserId: userId } };
  for (const log of preventingActions(instance, userId))
    await administer({ method: 'DELETE', path: `/api/user/action/${log.id}`, body });
}
