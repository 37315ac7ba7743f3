import type { ApiKeyRecord, UserRecord } from '../state/state.js';

/** Returns the name that people know a user by: e-mail address, user name, full name, or else the id. */
export const nameOfUser = ({ id, user: { email, username, fullName } }: UserRecord): string =>
  email ?? username ?? fullName ?? id;

/** Returns the name that people know an API key by. */
export const nameOfApiKey = ({ name, metaData }: ApiKeyRecord): string =>
  name ?? metaData?.attributes?.['description'] ?? 'without a name';
