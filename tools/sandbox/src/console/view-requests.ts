import type { Caller } from '../controls/caller.js';
import type { RequestLog } from '../controls/request-log.js';
import type { Instance } from '../instance.js';
import type { State } from '../state/state.js';
import { nameOfApiKey, nameOfUser, shortId } from './names.js';

export interface RequestView {
  /** Milliseconds since the epoch on the sandbox's clock. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Undefined until an answer is sent, and where none ever is. */
  readonly status: number | undefined;
  readonly milliseconds: number | undefined;
  readonly by: string;
}

const shown = 100;

/** Returns the last hundred requests, newest first. */
export const requestViews = (instance: Instance, log: RequestLog): RequestView[] =>
  log
    .list()
    .slice(-shown)
    .reverse()
    .map(({ at, operation, path, status, milliseconds, by }) => ({
      at,
      method: operation.split(' ')[0] ?? '',
      path: withoutSecrets(path),
      status,
      milliseconds,
      by: by ? callerName(instance, by) : 'nobody',
    }));

/** Masks long path segments. No id or name of FusionAuth is this long, so it may be a secret in the wrong place. */
const withoutSecrets = (path: string): string => path.replaceAll(/[^/]{40,}/g, '…');

function callerName({ state }: Instance, { kind, id = '' }: Caller): string {
  if (kind === 'unknown') return 'an unknown credential';
  if (kind === 'client') return `client ${nameOfClient(state, id)}`;
  const [user, key] = [state.users.get(id), state.apiKeys.get(id)];
  if (kind === 'token') return `token of ${user ? nameOfUser(user) : nameOfClient(state, id)}`;
  return `API key ${shortId(id)}${key ? `, ${nameOfApiKey(key)}` : ''}`;
}

const nameOfClient = ({ applications, entities }: State, id: string): string =>
  (applications.get(id) ?? entities.get(id))?.name ?? id;
