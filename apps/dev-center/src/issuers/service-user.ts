import { randomBytes, randomUUID } from 'node:crypto';
import { compareRoles, gone, type Issuer, type IssuerParts, type Order } from './issuer.js';

/**
 * Creates the user of one credential. Its address is as hard to guess as a secret, so that nobody can lock it with
 * wrong log-ins, and is in a domain that receives no mail (RFC 2606). Its password is not stored.
 */
export const newServiceUser = ({ client }: Order) => ({
  id: randomUUID(),
  email: `${client.name}.${randomBytes(16).toString('hex')}@clients.gatehouse.invalid`,
  password: randomBytes(32).toString('base64url'),
  fullName: client.name,
  roles: client.roles,
});

/** Returns how a service user's credentials are ended and inspected. */
export const serviceUsers = ({ users }: IssuerParts['control']): Pick<Issuer, 'end' | 'inspect'> => ({
  end: (id) => users.remove(id),
  async inspect(id, roles) {
    const user = await users.read(id);
    return user?.active && user.roles ? compareRoles(user.roles, roles) : [gone];
  },
});
