import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { webhookEventTypes } from '#gatehouse/fusionauth';
import { defaultKickstartFile, readKickstart } from '#gatehouse/fusionauth/kickstart';
import { type Admin, Refused } from './admin.js';
import type { Journal, Kind, Made } from './objects.js';

/**
 * An application and the type of its machines: both sign with the same key, and their tokens have the same lifetime.
 */
export interface Realm {
  readonly tenantId: string;
  readonly applicationId: string;
  readonly clientSecret: string;
  readonly entityTypeId: string;
  /** The entity that represents the API: the audience of machines' tokens. */
  readonly entityId: string;
  readonly signingKeyId: string;
  readonly tokenSeconds: number;
}

/** The redirect address after the log-in; nothing listens there. */
export const redirectUri = 'http://127.0.0.1:3001/callback';

type Signing = Pick<Realm, 'tenantId' | 'signingKeyId' | 'tokenSeconds'>;

const allEvents = Object.fromEntries(
  webhookEventTypes.map((type) => [type, { enabled: true, transactionType: 'None' }]),
);

/** Makes things in a FusionAuth and notes each before it is made. */
export class Maker {
  /** Names must be unique in a FusionAuth. */
  readonly #run = randomUUID().slice(0, 8);
  #names = 0;
  readonly #making = new Set<Promise<unknown>>();
  #ending = false;

  constructor(
    readonly admin: Admin,
    private readonly journal: Journal,
  ) {}

  /** Stops making things. Resolves once FusionAuth has answered all pending calls. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.allSettled(this.#making);
  }

  /** Makes a thing in FusionAuth whose id is noted first. */
  async noted<T>(made: Made, work: () => Promise<T>): Promise<T> {
    if (this.#ending) throw new Error('the comparison is ending');
    this.journal.note(made);
    const making = work();
    this.#making.add(making);
    return making.finally(() => this.#making.delete(making));
  }

  /** Returns a unique name in the FusionAuth. */
  name(of: string): string {
    this.#names += 1;
    return `Gatehouse comparison ${this.#run} ${of} ${this.#names}`;
  }

  /** Makes a thing with an id of our choice, which is noted first. Resolves with the id. */
  async make(kind: Kind, path: string, body: object, tenant?: string): Promise<string> {
    const id = randomUUID();
    await this.noted({ kind, id, tenant }, () =>
      this.admin.call('POST', `${path}/${id}`, { tenant, body }),
    ).catch((error: unknown) => {
      throw existsAlready(kind, error) ?? error;
    });
    return id;
  }

  newTenant = (): Promise<string> =>
    this.make('tenant', '/api/tenant', {
      tenant: {
        name: this.name('tenant'),
        issuer: 'gatehouse.example',
        eventConfiguration: { events: allEvents },
      },
    });

  newProbeGroup = (tenantId: string): Promise<string> =>
    this.make('group', '/api/group', { group: { name: this.name('probe') } }, tenantId);

  newKey = (): Promise<string> =>
    this.make('key', '/api/key/generate', {
      key: { algorithm: 'RS256', length: 2048, name: this.name('key') },
    });

  async newApplication({
    tenantId,
    ...signing
  }: Signing): Promise<Pick<Realm, 'applicationId' | 'clientSecret'>> {
    const clientSecret = randomBytes(32).toString('base64url');
    const named = { name: this.name('API'), clientSecret, ...signing };
    const application = await applicationBody(named);
    const applicationId = await this.make('application', '/api/application', { application }, tenantId);
    return { applicationId, clientSecret };
  }

  newEntityType(signing: Signing): Promise<string> {
    const jwtConfiguration = {
      enabled: true,
      accessTokenKeyId: signing.signingKeyId,
      timeToLiveInSeconds: signing.tokenSeconds,
    };
    const permissions = ['todo-reader', 'todo-writer', 'todo-auditor'].map((name) => ({ name }));
    const entityType = { name: this.name('machines'), jwtConfiguration, permissions };
    return this.make('entity type', '/api/entity/type', { entityType });
  }

  /** Makes an entity that represents the API. */
  newTarget({ tenantId, entityTypeId }: Pick<Realm, 'tenantId' | 'entityTypeId'>): Promise<string> {
    const entity = { name: this.name('API'), type: { id: entityTypeId } };
    return this.make('entity', '/api/entity', { entity }, tenantId);
  }

  /** Makes a key of a tenant with exactly these permissions. */
  async newApiKey(
    tenantId: string,
    endpoints: Readonly<Record<string, readonly string[]>>,
  ): Promise<{ id: string; key: string }> {
    const key = randomBytes(32).toString('base64url');
    const metaData = { attributes: { description: this.name('key') } };
    const apiKey = { key, tenantId, permissions: { endpoints }, metaData };
    const id = await this.make('API key', '/api/api-key', { apiKey }, tenantId);
    await this.#accepted(key, tenantId);
    return { id, key };
  }

  /** Waits until FusionAuth accepts a new key, which can take a minute according to its documents. */
  async #accepted(key: string, tenant: string): Promise<void> {
    const asked = { tenant, authorization: key };
    const latest = performance.now() + 90_000;
    while ((await this.admin.ask('GET', `/api/group/${randomUUID()}`, asked)).status === 401) {
      if (performance.now() > latest) throw new Error('FusionAuth refuses a new API key for 90 s');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/**
 * Returns the error to throw where FusionAuth has a thing of this name that this run did not make and will not remove.
 */
const existsAlready = (kind: Kind, error: unknown): Error | undefined =>
  error instanceof Refused && error.codes.some((code) => code.startsWith('[duplicate]'))
    ? new Error(
        `FusionAuth already has this ${kind} (${error.codes.join(', ')}): remove what is named "Gatehouse comparison …" there, then run the comparison again`,
      )
    : undefined;

const file = z.object({
  requests: z.array(z.object({ url: z.string(), body: z.record(z.string(), z.unknown()) })),
});

/** Returns the application of the kickstart file under another name, with its own secret and key. */
async function applicationBody({
  name,
  clientSecret,
  signingKeyId,
  tokenSeconds,
}: Omit<Signing, 'tenantId'> & { readonly name: string; readonly clientSecret: string }): Promise<object> {
  const { requests } = file.parse(JSON.parse((await readKickstart(defaultKickstartFile())).text));
  const found = requests.find(({ url }) => url.startsWith('/api/application/'))?.body['application'] as
    Record<string, unknown> | undefined;
  if (!found) throw new Error('the kickstart file has no application');
  const { lambdaConfiguration: _lambda, jwtConfiguration, oauthConfiguration, ...others } = found;
  const keys = { accessTokenKeyId: signingKeyId, idTokenKeyId: signingKeyId };
  return {
    ...others,
    name,
    jwtConfiguration: { ...(jwtConfiguration as object), ...keys, timeToLiveInSeconds: tokenSeconds },
    oauthConfiguration: { ...(oauthConfiguration as object), clientSecret },
  };
}
