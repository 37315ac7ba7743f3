import type { ApiKeyRecord, RefreshTokenRecord, State, UserRecord } from '../state/state.js';

/** The name that people know a user by: e-mail address, user name, full name, else the id. */
export const nameOfUser = ({ id, user: { email, username, fullName } }: UserRecord): string =>
  email ?? username ?? fullName ?? id;

/** The name that people know an API key by. */
export const nameOfApiKey = ({ name, metaData }: ApiKeyRecord): string =>
  name ?? metaData?.attributes?.['description'] ?? 'without a name';

/** The last four characters of a secret, enough for its owner to recognise it; nothing of a short one. */
export const mask = (secret: string): string => (secret.length < 20 ? '…' : `…${secret.slice(-4)}`);

export const nameOfSessionUser = ({ users }: State, { userId }: RefreshTokenRecord): string => {
  const user = users.get(userId);
  return user ? nameOfUser(user) : userId;
};

/** The tail of an id that is shown beside a name. */
export const shortId = (id: string): string => `…${id.slice(-8)}`;
