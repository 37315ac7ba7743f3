import type { Secret } from '#gatehouse/platform';
import { FusionAuthClient, type APIKey, type IRESTClient } from '@fusionauth/typescript-client';
import { FusionAuthRefusedUs, FusionAuthUnavailable } from './unavailable.js';

export interface FusionAuthControlSettings {
  readonly url: string;
  readonly tenantId: string;
  readonly applicationId: string;
  /** The manager key: it may make API keys and change registrations. */
  readonly managerKey: Secret;
  /** The longest a call may take, in milliseconds; the official client itself would wait for ever. */
  readonly timeoutMilliseconds?: number;
}

/** Issuing and taking back credentials, by the official client: never on the request path. */
export interface FusionAuthControl {
  /** Makes an API key that may read the probe group and nothing else. */
  readonly issueApiKey: (key: NewApiKey) => Promise<void>;
  readonly revokeApiKey: (id: string) => Promise<void>;
  /** Gives the user's registration a new authentication token; the one before stops working at once. */
  readonly issueAuthenticationToken: (userId: string) => Promise<string>;
}

export interface NewApiKey {
  readonly id: string;
  /** The key's own text, chosen by us. */
  readonly key: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

const probeOnly = { endpoints: { '/api/group': ['GET'] } } as unknown as NonNullable<APIKey['permissions']>;

/** Every method throws {@link FusionAuthUnavailable}, or {@link FusionAuthRefusedUs} when the manager key is refused. */
export function fusionAuthControl(settings: FusionAuthControlSettings): FusionAuthControl {
  const { url, tenantId, applicationId, managerKey, timeoutMilliseconds = 5_000 } = settings;
  const client = new FusionAuthClient(managerKey.reveal(), url, tenantId);
  const { clientBuilder } = client;
  client.clientBuilder = { build: (host) => timed(clientBuilder.build(host), timeoutMilliseconds) };
  return {
    async issueApiKey({ id, key, description, expiresAt }) {
      const apiKey = {
        key,
        tenantId,
        permissions: probeOnly,
        metaData: { attributes: { description } },
        ...(expiresAt === undefined ? {} : { expirationInstant: expiresAt }),
      };
      await answered('API key creation', client.createAPIKey(id, { apiKey }));
    },
    async revokeApiKey(id) {
      await answered('API key deletion', client.deleteAPIKey(id));
    },
    async issueAuthenticationToken(userId) {
      const request = { registration: { applicationId }, generateAuthenticationToken: true };
      const { registration } = await answered(
        'authentication token',
        client.patchRegistration(userId, request),
      );
      if (registration?.authenticationToken) return registration.authenticationToken;
      throw new FusionAuthUnavailable('authentication token', { status: 200, milliseconds: 0 });
    },
  };
}

function timed<R, E>(request: IRESTClient<R, E>, milliseconds: number): IRESTClient<R, E> {
  const go = request.go.bind(request);
  return Object.assign(request, { go: () => within(milliseconds, go()) });
}

/** The client cannot be told to stop, so its late answer is left to nobody. */
function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DOMException('no answer in time', 'TimeoutError')), milliseconds);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

interface ClientAnswer<T> {
  readonly response: T;
  readonly statusCode?: number;
  readonly exception?: unknown;
}

/** The client rejects with its response, whose body and exception stay here. */
async function answered<T>(operation: string, call: Promise<ClientAnswer<T>>): Promise<T> {
  const started = performance.now();
  try {
    return (await call).response;
  } catch (error) {
    const { statusCode: status, exception } = error as Partial<ClientAnswer<T>>;
    if (status === 401) throw new FusionAuthRefusedUs(operation, 'FUSIONAUTH_MANAGER_KEY');
    const cause = status === undefined ? (exception ?? error) : undefined;
    throw new FusionAuthUnavailable(operation, { status, milliseconds: performance.now() - started, cause });
  }
}
