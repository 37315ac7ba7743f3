import { randomBytes, randomUUID } from 'node:crypto';
import { compareRoles, gone, type IssuerParts, type Order, type Remark } from './issuer.js';

/**
 * A user of its own for one credential. Its address is as hard to guess as a secret, so that nobody can lock it by
 * wrong log-ins, and lies in a domain that no mail reaches (RFC 2606). Its password is known to nobody afterwards.
 */
export const newServiceUser = ({ client }: Order) => ({
  id: randomUUID(),
  email: `${client.name}.${randomBytes(16).toString('hex')}@clients.gatehouse.invalid`,
  password: randomBytes(32).toString('base64url'),
  fullName: client.name,
  roles: client.roles,
});

export async function inspectServiceUser(
  { control }: Pick<IssuerParts, 'control'>,
  id: string,
  roles: readonly string[],
): Promise<readonly Remark[]> {
  const user = await control.users.read(id);
  return user?.active && user.roles ? compareRoles(user.roles, roles) : [gone];
}
