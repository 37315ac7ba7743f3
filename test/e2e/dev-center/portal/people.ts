import { randomUUID } from 'node:crypto';
import { applicationId, call } from '../../sandbox/started-sandbox.js';
import type { Person, PortalWorld } from './portal-world.js';

type World = Pick<PortalWorld, 'sandbox'>;

export interface NewPerson extends Person {
  readonly id: string;
}

/** Creates a user in FusionAuth, registered for the application with these roles; with none it is not registered. */
export async function newPerson(
  { sandbox }: World,
  user: { readonly email?: string; readonly username?: string; readonly [field: string]: unknown },
  roles: readonly string[] | undefined,
): Promise<NewPerson> {
  const [id, password] = [randomUUID(), 'a-password-of-this-test'];
  const path = roles ? `/api/user/registration/${id}` : `/api/user/${id}`;
  const { status, text } = await call(sandbox, 'POST', path, {
    user: { password, ...user },
    skipVerification: true,
    skipRegistrationVerification: true,
    ...(roles && { registration: { applicationId, roles } }),
  });
  if (status !== 200) throw new Error(text);
  return { id, password, email: user.username ?? user.email ?? '' };
}

export async function setRoles({ sandbox }: World, id: string, roles: readonly string[]): Promise<void> {
  const registration = { applicationId, roles };
  const { status, text } = await call(sandbox, 'PUT', `/api/user/registration/${id}`, { registration });
  if (status !== 200) throw new Error(text);
}

export async function changeUser({ sandbox }: World, id: string, user: object): Promise<void> {
  const { status, text } = await call(sandbox, 'PATCH', `/api/user/${id}`, { user });
  if (status !== 200) throw new Error(text);
}

export async function deactivate({ sandbox }: World, id: string): Promise<void> {
  const { status, text } = await call(sandbox, 'DELETE', `/api/user/${id}`);
  if (status !== 200) throw new Error(text);
}
