import { type ModeName, modeNames } from './mode.js';
import { sentences } from './sentences.js';

const jwtRemote = ['jwt/introspection', 'client-credentials/introspection'] as const;
const local = ['jwt/local', 'jwt/local (passport-jwt)', 'client-credentials/local'] as const;
const machines = [
  'client-credentials/local',
  'client-credentials/introspection',
  'client-credentials/session',
] as const;
const tokens = [
  'jwt/local',
  'jwt/local (passport-jwt)',
  'jwt/local+push',
  'jwt/introspection',
  'jwt/session',
  ...machines,
] as const;
const pushed = ['jwt/local+push'] as const;
/** The modes that reach every verdict without FusionAuth. */
const offline = [...local, ...pushed] as const;
const unpushed = modeNames.filter((mode) => mode !== 'jwt/local+push');
const offlineReason = 'makes no call; valid until exp, or until FusionAuth announces its revocation';
const blind = [...local, ...jwtRemote] as const;

type Exceptions = Partial<Record<ModeName, string>>;

const except = (modes: readonly ModeName[], reason: string): Exceptions =>
  Object.fromEntries(modes.map((mode) => [mode, reason]));

const notSeen = except(blind, 'not noticed before the token expires: no call reports it');

/** The sentences that do not apply to a mode, with the reason. All others apply. */
const exceptions: Readonly<Record<string, Exceptions>> = {
  'refuses a known login with a wrong secret': except(
    [...tokens, 'api-key'],
    'one secret without a login id',
  ),
  'refuses a credential meant for another API': except(['api-key', 'email-token'], 'has no audience'),
  'refuses a token that proves registration for another application': except(
    [...machines, 'api-key', 'email-token'],
    'carries no registration',
  ),
  'distinguishes users who have the same e-mail in two tenants': except(
    [...machines, 'api-key'],
    'belongs to no user',
  ),
  'refuses an ID token in place of an access token': except(
    [...machines, 'api-key', 'email-token'],
    'has no ID tokens',
  ),
  'refuses a token that is bound to a key (cnf) as a bearer token': except(
    [...machines, 'api-key', 'email-token'],
    'the sandbox can bind user tokens only',
  ),
  'refuses the real password in place of the authentication token': except(
    [...tokens, 'api-key'],
    'takes no password',
  ),
  'refuses a key with permissions beyond this API with 403, and raises an alarm': except(
    [...tokens, 'email-token'],
    'has no permissions in FusionAuth',
  ),
  'refuses a revoked credential once the cache time is over': notSeen,
  'refuses a locked user once the cache time is over': {
    ...notSeen,
    'client-credentials/session': 'machines cannot be locked',
    'api-key': 'belongs to no user',
  },
  'refuses a deactivated user once the cache time is over': {
    ...notSeen,
    'client-credentials/session': 'machines cannot be deactivated',
    'api-key': 'belongs to no user',
  },
  'refuses a deleted user or machine once the cache time is over': {
    ...notSeen,
    'api-key': 'belongs to no user',
  },
  'removes a role once the cache time is over': {
    ...notSeen,
    'api-key': 'roles are stored by the API, not by FusionAuth',
  },
  'refuses a revoked credential as soon as FusionAuth’s webhook is answered': except(
    unpushed,
    'receives no webhooks',
  ),
  'refuses a token that was issued in the second in which its user was revoked': except(
    unpushed,
    'receives no webhooks',
  ),
  'accepts a token that was issued in a later second than the revocation of its user': except(
    unpushed,
    'receives no webhooks',
  ),
  'refuses a token that FusionAuth reports as inactive': {
    ...except(
      [...offline, 'jwt/session', 'client-credentials/session', 'api-key', 'email-token'],
      'does not introspect',
    ),
    'client-credentials/introspection': 'the switch of the sandbox affects users only',
  },
  'refuses a user who is not registered for the application': except(
    [...machines, 'api-key'],
    'has no registration',
  ),
  'answers 503 with an alarm, not 401, when FusionAuth refuses our own credentials': {
    ...except(offline, 'presents no credentials of its own'),
    'client-credentials/introspection': 'entity tokens are introspected without client authentication',
    'api-key': 'calls with the caller’s key only',
  },
  'trusts a verified credential for the cache time, to the millisecond on the given clock': except(
    offline,
    offlineReason,
  ),
  'accepts through an outage what it accepted before, for the grace period and no longer': except(
    offline,
    offlineReason,
  ),
  'gives no grace period to what FusionAuth refused before the outage': {
    ...except(offline, offlineReason),
    ...except(jwtRemote, 'introspection refuses nothing that the offline judgement accepts'),
  },
  'asks FusionAuth once about a credential that it refuses, for the cache time': {
    ...except(offline, offlineReason),
    ...except(jwtRemote, 'introspection refuses nothing that the offline judgement accepts'),
  },
  'stops calling FusionAuth for an address whose credentials it keeps refusing, and serves a known client there':
    {
      ...except(offline, offlineReason),
      ...except(jwtRemote, 'introspection refuses nothing that the offline judgement accepts'),
    },
  'treats every status of the Login API but 200 by its meaning': except(
    [...tokens, 'api-key'],
    'does not call it',
  ),
  'does not stop calling FusionAuth because callers are refused': {
    ...except(offline, 'makes no call'),
    ...except(jwtRemote, 'introspection refuses nothing that the offline judgement accepts'),
  },
};

export type Cell = 'holds' | `n/a: ${string}`;

export function cell(title: string, mode: ModeName): Cell {
  const reason = exceptions[title]?.[mode];
  return reason === undefined ? 'holds' : `n/a: ${reason}`;
}

/** Exceptions for sentences that do not exist: a misspelt one would otherwise have no effect, unnoticed. */
export const strayExceptions = Object.keys(exceptions).filter((title) =>
  sentences.every((one) => one.title !== title),
);

/** Renders the whole table as Markdown, as it is checked in. */
export function renderMatrix(): string {
  const count = (wanted: (of: Cell) => boolean) =>
    sentences.flatMap(({ title }) => modeNames.map((mode) => cell(title, mode))).filter(wanted).length;
  const holds = count((of) => of === 'holds');
  const notes = [
    ...new Set(sentences.flatMap(({ title }) => modeNames.map((mode) => cell(title, mode)))),
  ].filter((of) => of !== 'holds');
  const mark = (of: Cell) => (of === 'holds' ? 'holds' : `n/a ${notes.indexOf(of) + 1}`);
  return [
    '# The contract',
    '',
    `${sentences.length} sentences, ${modeNames.length} modes: ${holds} cells hold, ${sentences.length * modeNames.length - holds} do not apply.`,
    'Every cell that holds is a test of `npm test`. This file is written by `UPDATE_MATRIX=1 npm run test:jest -- test/contract/matrix`.',
    '',
    `| the guard | ${modeNames.join(' | ')} |`,
    `| --- | ${modeNames.map(() => '---').join(' | ')} |`,
    ...sentences.map(
      ({ title }) => `| ${title} | ${modeNames.map((mode) => mark(cell(title, mode))).join(' | ')} |`,
    ),
    '',
    ...notes.map((note, index) => `${index + 1}. ${note.replace('n/a: ', '')}`),
    '',
  ].join('\n');
}
