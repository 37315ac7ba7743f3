import type { ControlClient } from './client.js';

export type Json = Readonly<Record<string, unknown>>;

/** A part of FusionAuth's set-up as its API has it. */
export interface SetupPart {
  /** The part as it is; undefined when there is none. */
  readonly read: () => Promise<Json | undefined>;
  readonly make: (value: Json) => Promise<void>;
  /** Merges into what is there: FusionAuth appends to arrays and replaces everything else. */
  readonly change: (value: Json) => Promise<void>;
}

type Answer = Promise<{ readonly response: object }>;

interface Calls {
  readonly endpoint: string;
  readonly read: () => Answer;
  readonly make?: (body: never) => Answer;
  readonly change?: (body: never) => Answer;
}

/** The ids of the parts, all chosen by whoever asks. */
export interface SetupIds {
  readonly tenantId: string;
  readonly applicationId: string;
}

type Part = (name: string, calls: Calls) => SetupPart;

/** FusionAuth's set-up, part by part. */
export function setup(control: ControlClient, ids: SetupIds) {
  const { client, done, answered } = control;
  const part = partsOf(control);
  return {
    ...ofTheTenant(client, part, ids),
    ...ofTheInstance(client, part),
    /** A role of the application. */
    addRole: (roleId: string, role: Json) =>
      done('POST /api/application/role', client.createApplicationRole(ids.applicationId, roleId, { role })),
    addPermission: (entityTypeId: string, permissionId: string, permission: Json) =>
      done(
        'POST /api/entity/type/permission',
        client.createEntityTypePermission(entityTypeId, permissionId, { permission }),
      ),
    webhooks: async (): Promise<readonly Json[]> =>
      ((await answered('GET /api/webhook', client.retrieveWebhooks())).webhooks ?? []) as object[] as Json[],
  };
}

export type Setup = ReturnType<typeof setup>;

/** `name` is the member of request and answer that holds the part. */
function partsOf({ done, found }: ControlClient): Part {
  const write = (endpoint: string, call: Calls['change'], body: Json): Promise<void> =>
    call
      ? done(endpoint, call(body as never))
      : Promise.reject(new Error(`${endpoint} is not for us to use`));
  return (name, { endpoint, read, make, change }) => ({
    read: async () => ((await found(`GET ${endpoint}`, read())) as Record<string, Json> | undefined)?.[name],
    make: (value) => write(`POST ${endpoint}`, make, { [name]: value }),
    change: (value) => write(`PATCH ${endpoint}`, change, { [name]: value }),
  });
}

const ofTheTenant = (client: ControlClient['client'], part: Part, { tenantId, applicationId }: SetupIds) => ({
  tenant: part('tenant', {
    endpoint: '/api/tenant',
    read: () => client.retrieveTenant(tenantId),
    change: (body) => client.patchTenant(tenantId, body),
  }),
  application: part('application', {
    endpoint: '/api/application',
    read: () => client.retrieveApplication(applicationId),
    make: (body) => client.createApplication(applicationId, body),
    change: (body) => client.patchApplication(applicationId, body),
  }),
  group: (id: string) =>
    part('group', {
      endpoint: '/api/group',
      read: () => client.retrieveGroup(id),
      make: (body) => client.createGroup(id, body),
    }),
  entity: (id: string) =>
    part('entity', {
      endpoint: '/api/entity',
      read: () => client.retrieveEntity(id),
      make: (body) => client.createEntity(id, body),
    }),
});

/** What belongs to no tenant, and so is closed to keys that are bound to one. */
const ofTheInstance = (client: ControlClient['client'], part: Part) => ({
  userAction: (id: string) =>
    part('userAction', {
      endpoint: '/api/user-action',
      read: () => client.retrieveUserAction(id),
      make: (body) => client.createUserAction(id, body),
    }),
  signingKey: (id: string) =>
    part('key', {
      endpoint: '/api/key',
      read: () => client.retrieveKey(id),
      make: (body) => client.generateKey(id, body),
    }),
  lambda: (id: string) =>
    part('lambda', {
      endpoint: '/api/lambda',
      read: () => client.retrieveLambda(id),
      make: (body) => client.createLambda(id, body),
      change: (body) => client.patchLambda(id, body),
    }),
  entityType: (id: string) =>
    part('entityType', {
      endpoint: '/api/entity/type',
      read: () => client.retrieveEntityType(id),
      make: (body) => client.createEntityType(id, body),
    }),
});
