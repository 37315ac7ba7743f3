import type { Principal } from '#gatehouse/auth';

/** Returns a principal with these members; the others are those of any user. */
export const principalOf = (given: Partial<Principal> = {}): Principal => ({
  subject: 's',
  issuer: 'i',
  kind: 'user',
  via: 'jwt',
  roles: [],
  credentialId: 'c',
  ...given,
});
