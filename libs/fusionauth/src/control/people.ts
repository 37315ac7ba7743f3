import { z } from 'zod';
import type { ControlClient, ControlSettings } from './client.js';

const record = z.object({
  user: z.object({
    id: z.string(),
    email: z.string().optional(),
    verified: z.boolean().default(false),
    timezone: z.string().optional(),
    fullName: z.string().optional(),
    username: z.string().optional(),
    active: z.boolean().default(false),
    expiry: z.number().optional(),
    registrations: z
      .array(z.object({ applicationId: z.string(), roles: z.array(z.string()).default([]) }))
      .default([]),
  }),
});

const locks = z.object({
  actions: z.array(z.object({ applicationIds: z.array(z.string()).default([]) })).default([]),
});

/** A user in FusionAuth. */
export interface PersonRecord {
  readonly id: string;
  /** Undefined unless FusionAuth says that it is verified. */
  readonly email: string | undefined;
  /** IANA name. */
  readonly timeZone: string | undefined;
  /** The display name: the full name, else the user name or the address, which may be unverified. */
  readonly name: string;
  /** False once the account is deactivated. */
  readonly active: boolean;
  /** When the account expires, in milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
  /** Roles in the application; undefined for a user who is not registered for it. */
  readonly roles: readonly string[] | undefined;
}

/** Tells whether the user exists, and its account is neither deactivated nor expired. An action may still lock it. */
export const isUsable = (person: PersonRecord | undefined, now: number): person is PersonRecord =>
  person !== undefined && person.active && (person.expiresAt ?? Infinity) > now;

/** Looks up users who log in themselves; it never changes them. */
export function people(
  { answered, found }: ControlClient,
  { applicationId }: Pick<ControlSettings, 'applicationId'>,
) {
  const read = async (look: Parameters<typeof found>[1]): Promise<PersonRecord | undefined> => {
    const answer = await found('GET /api/user', look, record);
    return answer && personOf(answer.user, applicationId);
  };
  return {
    /** Reads the user with this address in the tenant, verified or not; undefined if there is none. */
    byEmail: (address: string) => read((client) => client.retrieveUserByEmail(address)),
    /** Reads the user with this id; undefined if there is none. */
    byId: (id: string) => read((client) => client.retrieveUser(id)),
    /** Tells whether an action keeps the user from logging in to the application. */
    async isLocked(id: string): Promise<boolean> {
      const { actions } = await answered(
        'GET /api/user/action',
        (client) => client.retrieveActionsPreventingLogin(id),
        locks,
      );
      return actions.some(({ applicationIds: only }) => only.length === 0 || only.includes(applicationId));
    },
  };
}

function personOf(user: z.output<typeof record>['user'], applicationId: string): PersonRecord {
  const { id, email, verified, timezone: timeZone, fullName, username, active, registrations } = user;
  return {
    id,
    email: verified ? email : undefined,
    timeZone,
    name: [fullName, username, email].find(Boolean) ?? id,
    active,
    expiresAt: user.expiry,
    roles: registrations.find((one) => one.applicationId === applicationId)?.roles,
  };
}
