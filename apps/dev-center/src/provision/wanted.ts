import { z } from 'zod';
import type { Permission } from '#gatehouse/fusionauth';
import type { Json } from '#gatehouse/fusionauth/control';
import { defaultKickstartFile, readKickstart, substituteAll } from '#gatehouse/fusionauth/kickstart';
import { addressesInFusionAuth, type DevCenterConfig, hasTodoPage, publicFusionAuthUrl } from '../config.js';

const fileSchema = z.object({
  variables: z.record(z.string(), z.string()),
  apiKeys: z.array(
    z.object({
      key: z.string(),
      permissions: z.object({ endpoints: z.record(z.string(), z.array(z.string())) }).optional(),
    }),
  ),
  requests: z.array(z.object({ url: z.string(), body: z.record(z.string(), z.unknown()) })),
});
type KickstartParts = z.output<typeof fileSchema>;

/** The wanted state of a part, and its id. */
export interface WantedPart {
  readonly id: string;
  readonly value: Json;
}

/** The configuration that Gatehouse needs. */
export type Wanted = Awaited<ReturnType<typeof readWanted>>;

/**
 * Reads the wanted configuration from the kickstart file, which a new FusionAuth loads by itself, so that there is
 * one description for every way to configure FusionAuth. Ids are those of the configuration; users and clients are
 * left out.
 */
export async function readWanted(config: DevCenterConfig) {
  const { text } = await readKickstart(defaultKickstartFile());
  const raw = fileSchema.parse(JSON.parse(text));
  const variables = {
    ...raw.variables,
    defaultTenantId: config.FUSIONAUTH_TENANT_ID,
    applicationId: config.FUSIONAUTH_APPLICATION_ID,
    todoApiEntityId: config.FUSIONAUTH_ENTITY_ID,
    ...(config.FUSIONAUTH_PROBE_GROUP_ID ? { probeGroupId: config.FUSIONAUTH_PROBE_GROUP_ID } : {}),
  };
  const part = (beginning: string, id = '[^/]+$'): WantedPart => {
    const request = raw.requests.find(({ url }) => new RegExp(`^${beginning}/${id}`).test(url));
    const [value] = Object.values(request?.body ?? {}) as Json[];
    if (!request || !value) throw new Error(`the kickstart file has no ${beginning}`);
    const secrets = { FUSIONAUTH_CLIENT_SECRET: config.FUSIONAUTH_CLIENT_SECRET?.reveal() ?? '' };
    const filled = substituteAll({ url: request.url, value }, variables, secrets);
    return { id: filled.url.split('/').at(-1) ?? '', value: filled.value };
  };
  const tenant = part('/api/tenant');
  const webhookKey = part('/api/key/generate', '#\\{webhookKeyId\\}$');
  return {
    userAction: part('/api/user-action'),
    tenant,
    signingKey: part('/api/key/generate'),
    webhookKey,
    webhook: webhookFor(config, raw.variables['webhookId'] ?? '', {
      events: eventsOf(tenant),
      key: webhookKey.id,
    }),
    lambda: part('/api/lambda'),
    application: forThisCenter(part('/api/application'), config),
    group: part('/api/group'),
    entityType: part('/api/entity/type'),
    entity: part('/api/entity', '#\\{todoApiEntityId\\}$'),
    systemConfiguration: forTodoPage(config),
    /** Of the Todo API's own key. */
    apiKeyPermissions: permissionsOf('FUSIONAUTH_API_KEY', raw),
    /** The permissions of the Dev Center's key. */
    managerPermissions: permissionsOf('FUSIONAUTH_MANAGER_KEY', raw),
  };
}

/** Adds the addresses of this Dev Center, and the client secret if one is set; otherwise FusionAuth generates it. */
function forThisCenter({ id, value }: WantedPart, config: DevCenterConfig): WantedPart {
  const { clientSecret, ...oauth } = value['oauthConfiguration'] as Record<string, unknown>;
  const addresses = addressesInFusionAuth(config);
  const secret = config.FUSIONAUTH_CLIENT_SECRET ? { clientSecret } : {};
  return { id, value: { ...value, oauthConfiguration: { ...oauth, ...addresses, ...secret } } };
}

/**
 * Returns the CORS configuration for the todo page's calls to the Hosted Backend, without which FusionAuth refuses them.
 * The kickstart file lacks it, because it has no browser application. Undefined if the page makes no such calls.
 */
function forTodoPage(config: DevCenterConfig): Json | undefined {
  const { origin } = new URL(config.PUBLIC_URL);
  if (!hasTodoPage(config) || origin === new URL(publicFusionAuthUrl(config)).origin) return undefined;
  const rules = { enabled: true, allowCredentials: true, allowedOrigins: [origin], allowedMethods: ['POST'] };
  return { corsConfiguration: rules };
}

/** Returns the events that report revoked access. */
export const eventsOf = ({ value }: WantedPart): readonly string[] =>
  Object.keys((value['eventConfiguration'] as { events: object }).events);

/**
 * Returns the webhook, which is not in the kickstart file because its receiver is not known there. Undefined without
 * WEBHOOK_URL.
 */
function webhookFor(
  { WEBHOOK_URL: url, FUSIONAUTH_TENANT_ID: tenantId }: DevCenterConfig,
  id: string,
  { events, key }: { readonly events: readonly string[]; readonly key: string },
): WantedPart | undefined {
  if (url === undefined) return undefined;
  const value = {
    url,
    description: 'Gatehouse: tells the Todo API that access has ended',
    tenantIds: [tenantId],
    eventsEnabled: Object.fromEntries(events.map((event) => [event, true])),
    signatureConfiguration: { enabled: true, signingKeyId: key },
    // Milliseconds. The receiver answers once its database has the revocation.
    connectTimeout: 1_000,
    readTimeout: 3_000,
  };
  return { id, value };
}

function permissionsOf(variable: string, { apiKeys }: KickstartParts): Permission[] {
  const endpoints = apiKeys.find(({ key }) => key === `#{ENV.${variable}}`)?.permissions?.endpoints ?? {};
  return Object.entries(endpoints).flatMap(([endpoint, methods]) =>
    methods.map((method) => `${method} ${endpoint}` as Permission),
  );
}
