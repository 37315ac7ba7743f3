import type { FusionAuthClient } from '@fusionauth/typescript-client';
import { z } from 'zod';
import type { Call, ControlClient, ControlSettings } from './client.js';

export type Json = Readonly<Record<string, unknown>>;

/** A part of FusionAuth's configuration, as its API represents it. */
export interface SetupPart {
  /** Reads the current value; undefined if it does not exist. */
  readonly read: () => Promise<Json | undefined>;
  readonly make: (value: Json) => Promise<void>;
  /** Merges into the current value: FusionAuth appends to arrays and replaces everything else. */
  readonly change: (value: Json) => Promise<void>;
}

/** A call of the official client that sends a body. */
type Write = (client: FusionAuthClient, body: never) => Promise<unknown>;

interface Calls {
  readonly endpoint: string;
  readonly read: Call;
  readonly make?: Write;
  readonly change?: Write;
}

type Part = (name: string, calls: Calls) => SetupPart;

const json = z.record(z.string(), z.unknown());
const webhooksAnswer = z.object({ webhooks: z.array(json).default([]) });

/** FusionAuth's configuration, part by part. */
export function setup(control: ControlClient, ids: ControlSettings) {
  const { answered } = control;
  const part = partsOf(control);
  return {
    ...ofTheTenant(part, ids),
    ...ofTheInstance(part),
    /** Adds a role to the application. */
    async addRole(roleId: string, role: Json): Promise<void> {
      await answered(
        'POST /api/application/role',
        (client) => client.createApplicationRole(ids.applicationId, roleId, { role }),
        z.object({ role: json }),
      );
    },
    async addPermission(entityTypeId: string, permissionId: string, permission: Json): Promise<void> {
      await answered(
        'POST /api/entity/type/permission',
        (client) => client.createEntityTypePermission(entityTypeId, permissionId, { permission }),
        z.object({ permission: json }),
      );
    },
    webhooks: async (): Promise<readonly Json[]> =>
      (await answered('GET /api/webhook', (client) => client.retrieveWebhooks(), webhooksAnswer)).webhooks,
  };
}

export type Setup = ReturnType<typeof setup>;

/** Creates parts; `name` is the member of request and answer that contains the part. */
function partsOf({ answered, found }: ControlClient): Part {
  return (name, { endpoint, read, make, change }) => {
    const shape = z.object({ [name]: json });
    const write = async (operation: string, call: Write | undefined, value: Json): Promise<void> => {
      if (!call) throw new Error(`${operation} is not available for this part`);
      await answered(operation, (client) => call(client, { [name]: value } as never), shape);
    };
    return {
      read: async () => (await found(`GET ${endpoint}`, read, shape))?.[name],
      make: (value) => write(`POST ${endpoint}`, make, value),
      change: (value) => write(`PATCH ${endpoint}`, change, value),
    };
  };
}

const ofTheTenant = (part: Part, { tenantId, applicationId }: ControlSettings) => ({
  tenant: part('tenant', {
    endpoint: '/api/tenant',
    read: (client) => client.retrieveTenant(tenantId),
    change: (client, body) => client.patchTenant(tenantId, body),
  }),
  application: part('application', {
    endpoint: '/api/application',
    read: (client) => client.retrieveApplication(applicationId),
    make: (client, body) => client.createApplication(applicationId, body),
    change: (client, body) => client.patchApplication(applicationId, body),
  }),
  group: (id: string) =>
    part('group', {
      endpoint: '/api/group',
      read: (client) => client.retrieveGroup(id),
      make: (client, body) => client.createGroup(id, body),
    }),
  entity: (id: string) =>
    part('entity', {
      endpoint: '/api/entity',
      read: (client) => client.retrieveEntity(id),
      make: (client, body) => client.createEntity(id, body),
    }),
});

/** Parts that belong to no tenant, and are therefore closed to keys that are bound to one. */
const ofTheInstance = (part: Part) => ({
  systemConfiguration: part('systemConfiguration', {
    endpoint: '/api/system-configuration',
    read: (client) => client.retrieveSystemConfiguration(),
    change: (client, body) => client.patchSystemConfiguration(body),
  }),
  userAction: (id: string) =>
    part('userAction', {
      endpoint: '/api/user-action',
      read: (client) => client.retrieveUserAction(id),
      make: (client, body) => client.createUserAction(id, body),
    }),
  signingKey: (id: string) =>
    part('key', {
      endpoint: '/api/key',
      read: (client) => client.retrieveKey(id),
      make: (client, body) => client.generateKey(id, body),
    }),
  lambda: (id: string) =>
    part('lambda', {
      endpoint: '/api/lambda',
      read: (client) => client.retrieveLambda(id),
      make: (client, body) => client.createLambda(id, body),
      change: (client, body) => client.patchLambda(id, body),
    }),
  webhook: (id: string) =>
    part('webhook', {
      endpoint: '/api/webhook',
      read: (client) => client.retrieveWebhook(id),
      make: (client, body) => client.createWebhook(id, body),
      change: (client, body) => client.patchWebhook(id, body),
    }),
  entityType: (id: string) =>
    part('entityType', {
      endpoint: '/api/entity/type',
      read: (client) => client.retrieveEntityType(id),
      make: (client, body) => client.createEntityType(id, body),
    }),
});
