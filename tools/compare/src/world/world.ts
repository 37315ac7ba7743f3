import { z } from 'zod';
import { webhookEventTypes } from '#gatehouse/fusionauth';
import type { Environment } from '#gatehouse/platform';
import type { Mode } from '../modes.js';
import type { Evidence } from '../report.js';
import type { Admin } from './admin.js';
import { Maker, type Realm } from './maker.js';
import type { Journal } from './objects.js';

interface WebhookKey {
  readonly id: string;
  readonly kid: string;
}

const kidOf = z.object({ key: z.object({ kid: z.string() }) });

/** The permissions of our own narrow key: those that the Todo API needs. */
const ownPermissions = {
  '/api/entity': ['GET'],
  '/api/entity/grant': ['GET'],
  '/api/group': ['GET'],
  '/api/jwt/refresh': ['GET'],
  '/api/login': ['POST'],
  '/api/user': ['GET'],
  '/api/user/action': ['GET'],
};

export interface RealmWishes {
  readonly tenantId?: string;
  readonly tokenSeconds?: number;
}

/** A FusionAuth and everything a comparison has made in it, all in its own tenants. */
export class World extends Maker {
  constructor(
    admin: Admin,
    journal: Journal,
    /** `sandbox`, or the version of the FusionAuth. */
    readonly version: string,
    /** Whether the plan of the FusionAuth includes entities. */
    private readonly entities = true,
  ) {
    super(admin, journal);
  }

  #home:
    | { realm: Realm; ownKey: string; probeGroupId: string; lockActionId: string; webhookKey: WebhookKey }
    | undefined;

  /** Makes a tenant with everything that the guard needs. */
  async begin(): Promise<void> {
    const tenantId = await this.newTenant();
    const lockActionId = await this.make('user action', '/api/user-action', {
      userAction: { name: this.name('lock'), temporal: true, preventLogin: true },
    });
    const probeGroupId = await this.newProbeGroup(tenantId);
    const realm = await this.newRealm({ tenantId });
    const [ownKey, webhookKey] = [await this.newOwnKey(tenantId), await this.#newWebhookKey()];
    this.#home = { realm, ownKey, probeGroupId, lockActionId, webhookKey };
  }

  /** The default realm, for everything that needs none of its own. */
  get realm(): Realm {
    return this.#made.realm;
  }

  get lockActionId(): string {
    return this.#made.lockActionId;
  }

  get probeGroupId(): string {
    return this.#made.probeGroupId;
  }

  get #made() {
    if (!this.#home) throw new Error('the world is not made yet');
    return this.#home;
  }

  /**
   * Returns the evidence of a fact about FusionAuth: the documents where the sandbox answered, else the FusionAuth
   * itself.
   */
  fact(section: string, tag: string): Evidence {
    return this.version === 'sandbox'
      ? { kind: 'as-documented', section, tag }
      : { kind: 'measured-on', version: this.version };
  }

  /** Returns the settings of an API in this world. */
  settings(mode: Mode, more: Environment = {}, realm = this.realm): Environment {
    return {
      FUSIONAUTH_URL: this.admin.url,
      FUSIONAUTH_TENANT_ID: realm.tenantId,
      FUSIONAUTH_APPLICATION_ID: realm.applicationId,
      FUSIONAUTH_CLIENT_SECRET: realm.clientSecret,
      FUSIONAUTH_ENTITY_ID: realm.entityId,
      FUSIONAUTH_API_KEY: this.#made.ownKey,
      FUSIONAUTH_PROBE_GROUP_ID: this.probeGroupId,
      FUSIONAUTH_DEADLINE_MS: '3000',
      WEBHOOK_KEY_ID: this.#made.webhookKey.kid,
      REFUSED_ATTEMPTS_PER_MINUTE: '1000000',
      ALLOW_INSECURE: '1',
      ...mode.environment,
      ...more,
    };
  }

  async #newWebhookKey(): Promise<WebhookKey> {
    const key = { algorithm: 'ES256', name: this.name('webhook key') };
    const id = await this.make('key', '/api/key/generate', { key });
    return { id, kid: kidOf.parse(await this.admin.call('GET', `/api/key/${id}`)).key.kid };
  }

  /** Makes a webhook to an address for the revocations in a tenant. */
  newWebhook(url: string, tenantId: string): Promise<string> {
    const webhook = {
      url,
      description: this.name('webhook'),
      tenantIds: [tenantId],
      eventsEnabled: Object.fromEntries(webhookEventTypes.map((type) => [type, true])),
      signatureConfiguration: { enabled: true, signingKeyId: this.#made.webhookKey.id },
      connectTimeout: 1_000,
      readTimeout: 3_000,
    };
    return this.make('webhook', '/api/webhook', { webhook });
  }

  /** Makes the API's own key for a tenant. */
  newOwnKey = async (tenantId: string): Promise<string> =>
    (await this.newApiKey(tenantId, ownPermissions)).key;

  /** Makes an application, a type of machines and an entity for the API, with their own signing key. */
  async newRealm({
    tenantId = this.#home?.realm.tenantId,
    tokenSeconds = 3_600,
  }: RealmWishes): Promise<Realm> {
    if (tenantId === undefined) throw new Error('a realm needs a tenant');
    const begun = { tenantId, tokenSeconds, signingKeyId: await this.newKey() };
    const application = await this.newApplication(begun);
    if (!this.entities) return { ...begun, ...application, entityTypeId: '', entityId: '' };
    const entityTypeId = await this.newEntityType(begun);
    const entityId = await this.newTarget({ ...begun, entityTypeId });
    return { ...begun, ...application, entityTypeId, entityId };
  }

  /** Signs with another key from now on, and removes the previous one from the key set. */
  async replaceKey({ tenantId: tenant, applicationId, entityTypeId, signingKeyId }: Realm): Promise<void> {
    const accessTokenKeyId = await this.newKey();
    const keys = { accessTokenKeyId, idTokenKeyId: accessTokenKeyId };
    const application = { jwtConfiguration: keys };
    await this.admin.call('PATCH', `/api/application/${applicationId}`, { tenant, body: { application } });
    const entityType = { jwtConfiguration: { accessTokenKeyId } };
    if (entityTypeId !== '')
      await this.admin.call('PATCH', `/api/entity/type/${entityTypeId}`, { body: { entityType } });
    await this.admin.call('DELETE', `/api/key/${signingKeyId}`);
  }
}
