import type { ApiKeyRecord, RefreshTokenRecord, State, UserRecord } from '../state/state.js';

/** By what a person knows a user: e-mail address, user name, full name, else the id. */
export const nameOfUser = ({ id, user: { email, username, fullName } }: UserRecord): string =>
  email ?? username ?? fullName ?? id;

/** By what a person knows an API key. */
export const nameOfApiKey = ({ name, metaData }: ApiKeyRecord): string =>
  name ?? metaData?.attributes?.['description'] ?? 'without a name';

/** The end of a secret, by which its owner tells it from others; nothing of one that is short. */
export const mask = (secret: string): string => (secret.length < 20 ? '…' : `…${secret.slice(-4)}`);

export const nameOfSessionUser = ({ users }: State, { userId }: RefreshTokenRecord): string => {
  const user = users.get(userId);
  return user ? nameOfUser(user) : userId;
};

/** The tail of an id that is shown beside a name. */
export const shortId = (id: string): string => `…${id.slice(-8)}`;
