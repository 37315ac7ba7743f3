import { randomBytes, randomUUID } from 'node:crypto';
import type { Environment } from '#gatehouse/platform';
import type { Mode } from '../modes.js';
import type { Evidence } from '../report.js';
import type { Admin } from './admin.js';
import { applicationBody, entityTypeBody, ownPermissions } from './bodies.js';
import type { Journal, Kind, Made } from './objects.js';

/** An application and the type of its machines: they sign with the same key, and their tokens live equally long. */
export interface Realm {
  readonly tenantId: string;
  readonly applicationId: string;
  readonly clientSecret: string;
  readonly entityTypeId: string;
  /** The entity that stands for the API: the audience of machines' tokens. */
  readonly entityId: string;
  readonly signingKeyId: string;
  readonly tokenSeconds: number;
}

type Signing = Pick<Realm, 'tenantId' | 'signingKeyId'> & { readonly tokenSeconds?: number };

export interface RealmWishes {
  readonly tenantId?: string;
  readonly tokenSeconds?: number;
}

/** A FusionAuth and what a comparison has made in it, all in tenants of its own. */
export class World {
  /** Names of things are unique in a FusionAuth. */
  readonly #run = randomUUID().slice(0, 8);
  #names = 0;

  readonly #making = new Set<Promise<unknown>>();
  #ending = false;

  constructor(
    readonly admin: Admin,
    private readonly journal: Journal,
    /** `sandbox`, or the version of the FusionAuth. */
    readonly version: string,
    /** Whether the plan of the FusionAuth includes entities. */
    private readonly entities = true,
  ) {}

  #home: { realm: Realm; ownKey: string; probeGroupId: string; lockActionId: string } | undefined;

  /** Makes a tenant with all that the guard needs. */
  async begin(): Promise<void> {
    const tenantId = await this.newTenant();
    const lockActionId = await this.make('user action', '/api/user-action', {
      userAction: { name: this.name('lock'), temporal: true, preventLogin: true },
    });
    const probeGroupId = await this.newProbeGroup(tenantId);
    const realm = await this.newRealm({ tenantId });
    this.#home = { realm, ownKey: await this.newOwnKey(tenantId), probeGroupId, lockActionId };
  }

  /** Makes nothing more. Resolves once FusionAuth has answered all that was on its way. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.allSettled(this.#making);
  }

  /** Has FusionAuth make a thing whose id is noted first. */
  async noted<T>(made: Made, work: () => Promise<T>): Promise<T> {
    if (this.#ending) throw new Error('the comparison is ending');
    this.journal.note(made);
    const making = work();
    this.#making.add(making);
    return making.finally(() => this.#making.delete(making));
  }

  /** The realm that everything is in which needs none of its own. */
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

  /** What a fact about FusionAuth rests on here: the documents where the sandbox answered, else the FusionAuth itself. */
  fact(section: string, tag: string): Evidence {
    return this.version === 'sandbox'
      ? { kind: 'as-documented', section, tag }
      : { kind: 'measured-on', version: this.version };
  }

  /** The settings of a door in this world. */
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
      REFUSED_ATTEMPTS_PER_MINUTE: '1000000',
      ALLOW_INSECURE: '1',
      ...mode.environment,
      ...more,
    };
  }

  /** A name that nothing else in the FusionAuth has. */
  name(of: string): string {
    this.#names += 1;
    return `Gatehouse comparison ${this.#run} ${of} ${this.#names}`;
  }

  /** Makes a thing with an id of our choice, which is noted first. Resolves with the id. */
  async make(kind: Kind, path: string, body: object, tenant?: string): Promise<string> {
    const id = randomUUID();
    await this.noted({ kind, id, tenant }, () => this.admin.call('POST', `${path}/${id}`, { tenant, body }));
    return id;
  }

  newTenant = (): Promise<string> =>
    this.make('tenant', '/api/tenant', {
      tenant: { name: this.name('tenant'), issuer: 'gatehouse.example' },
    });

  newProbeGroup = (tenantId: string): Promise<string> =>
    this.make('group', '/api/group', { group: { name: this.name('probe') } }, tenantId);

  /** The API's own key for a tenant. */
  newOwnKey = async (tenantId: string): Promise<string> =>
    (await this.newApiKey(tenantId, ownPermissions)).key;

  newKey = (): Promise<string> =>
    this.make('key', '/api/key/generate', {
      key: { algorithm: 'RS256', length: 2048, name: this.name('key') },
    });

  /** An application, a type of machines and an entity for the API, with a signing key of their own. */
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

  async newApplication({
    tenantId,
    ...signing
  }: Signing): Promise<Pick<Realm, 'applicationId' | 'clientSecret'>> {
    const clientSecret = randomBytes(32).toString('base64url');
    const application = await applicationBody({ name: this.name('API'), clientSecret, ...signing });
    const applicationId = await this.make('application', '/api/application', { application }, tenantId);
    return { applicationId, clientSecret };
  }

  newEntityType(signing: Signing): Promise<string> {
    const entityType = entityTypeBody({ name: this.name('machines'), ...signing });
    return this.make('entity type', '/api/entity/type', { entityType });
  }

  /** The entity that stands for the API. */
  newTarget({ tenantId, entityTypeId }: Pick<Realm, 'tenantId' | 'entityTypeId'>): Promise<string> {
    const entity = { name: this.name('API'), type: { id: entityTypeId } };
    return this.make('entity', '/api/entity', { entity }, tenantId);
  }

  /** Signs with another key from now on, and takes the one before out of the key set. */
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

  /** A key of a tenant with these permissions and no others. */
  async newApiKey(
    tenantId: string,
    endpoints: Readonly<Record<string, readonly string[]>>,
    more: object = {},
  ): Promise<{ id: string; key: string }> {
    const key = randomBytes(32).toString('base64url');
    const metaData = { attributes: { description: this.name('key') } };
    const apiKey = { key, tenantId, permissions: { endpoints }, metaData, ...more };
    const id = await this.make('API key', '/api/api-key', { apiKey }, tenantId);
    await this.#accepted(key, tenantId);
    return { id, key };
  }

  /** Waits until FusionAuth accepts a new key, which its documents say can take a minute. */
  async #accepted(key: string, tenant: string): Promise<void> {
    const asked = { tenant, authorization: key };
    const latest = performance.now() + 90_000;
    while ((await this.admin.ask('GET', `/api/group/${randomUUID()}`, asked)).status === 401) {
      if (performance.now() > latest) throw new Error('FusionAuth refuses a new API key for 90 s');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
