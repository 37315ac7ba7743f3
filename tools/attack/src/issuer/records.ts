import { randomUUID } from 'node:crypto';
import type { Target } from '../target.js';

export interface Session {
  readonly userId: string;
  readonly applicationId: string;
}

export interface User {
  readonly active: boolean;
  readonly expiry?: number;
  readonly registrations: readonly { readonly applicationId: string; readonly roles: readonly string[] }[];
  /** Locks by user action; an empty list of applications means all. */
  readonly locks: readonly { readonly applicationIds: readonly string[] }[];
}

/** A person who can log in, and the session (`sid`) of the tokens. */
export interface Person {
  readonly sub: string;
  readonly sid: string;
}

/**
 * The issuer's records besides its keys, as FusionAuth stores them: sessions, users, entities and their grants. Ada and
 * the machine have all their rights; each of the others lost one after the token was issued.
 */
export interface IssuerRecords {
  readonly sessions: ReadonlyMap<string, Session>;
  readonly users: ReadonlyMap<string, User>;
  readonly entities: ReadonlySet<string>;
  readonly grants: ReadonlyMap<string, readonly string[]>;
  readonly people: ReturnType<typeof manyPeople>;
  readonly machines: ReturnType<typeof someMachines>;
  /** Token ids that introspection calls inactive although signature and lifetime are valid. */
  readonly inactive: Set<string>;
}

export function issuerRecords(target: Pick<Target, 'applicationId' | 'roles'>): IssuerRecords {
  const sessions = new Map<string, Session>();
  const users = new Map<string, User>();
  const entities = new Set<string>();
  const grants = new Map<string, readonly string[]>();
  const people = manyPeople(target, sessions, users);
  const machines = someMachines(target, entities, grants);
  return { sessions, users, entities, grants, people, machines, inactive: new Set() };
}

function manyPeople(
  { applicationId, roles }: Pick<Target, 'applicationId' | 'roles'>,
  sessions: Map<string, Session>,
  users: Map<string, User>,
) {
  const person = (change: Partial<User> | 'deleted' = {}, session: Partial<Session> = {}): Person => {
    const someone = { sub: randomUUID(), sid: randomUUID() };
    const registrations = [{ applicationId, roles }];
    if (change !== 'deleted') users.set(someone.sub, { active: true, registrations, locks: [], ...change });
    sessions.set(someone.sid, { userId: someone.sub, applicationId, ...session });
    return someone;
  };
  const ada = person();
  return {
    ada,
    loggedOut: { sub: ada.sub, sid: randomUUID() },
    sessionOfAnother: { sub: person().sub, sid: ada.sid },
    ofAnotherApplication: person({}, { applicationId: randomUUID() }),
    deactivated: person({ active: false }),
    deleted: person('deleted'),
    expired: person({ expiry: 1 }),
    locked: person({ locks: [{ applicationIds: [] }] }),
    lockedHere: person({ locks: [{ applicationIds: [applicationId] }] }),
    lockedElsewhere: person({ locks: [{ applicationIds: [randomUUID()] }] }),
    unregistered: person({ registrations: [{ applicationId: randomUUID(), roles }] }),
    demoted: person({ registrations: [{ applicationId, roles: [] }] }),
  };
}

function someMachines(
  { roles }: Pick<Target, 'roles'>,
  entities: Set<string>,
  grants: Map<string, readonly string[]>,
) {
  const machine = (exists: boolean, granted: boolean): string => {
    const id = randomUUID();
    if (exists) entities.add(id);
    if (granted) grants.set(id, roles);
    return id;
  };
  return {
    reminder: machine(true, true),
    deleted: machine(false, true),
    withoutGrant: machine(true, false),
  };
}
