import type { ApiKeyRecord, RefreshTokenRecord, State, UserRecord } from '../state/state.js';

/** Returns the name that people know a user by: e-mail address, user name, full name, or else the id. */
export const nameOfUser = ({ id, user: { email, username, fullName } }: UserRecord): string =>
  email ?? username ?? fullName ?? id;

/** Returns the name that people know an API key by. */
export const nameOfApiKey = ({ name, metaData }: ApiKeyRecord): string =>
  name ?? metaData?.attributes?.['description'] ?? 'without a name';

/** Returns the last four characters of a secret, so that its owner can recognize it; nothing of a short one. */
export const mask = (secret: string): string => (secret.length < 20 ? '…' : `…${secret.slice(-4)}`);

export const nameOfSessionUser = ({ users }: State, { userId }: RefreshTokenRecord): string => {
  const user = users.get(userId);
  return user ? nameOfUser(user) : userId;
};

/** Returns the end of an id, shown beside a name. */
export const shortId = (id: string): string => `…${id.slice(-8)}`;
