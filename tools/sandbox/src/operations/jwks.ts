import { type Answer, notFound, ok } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { KeyRecord } from '../state/state.js';
import { jwtConfiguration } from '../tokens/claims.js';
import { publicJwk, publicKeyPem } from '../tokens/signing-key.js';
import type { JwksBody, PublicKeyBody } from '../wire.js';

/**
 * Returns the public keys of the whole instance, of every tenant and purpose; never an HMAC key (RFC 7517 section 5).
 */
export function jwks(_call: ApiRequest, instance: Instance): Answer {
  const keys = [...instance.state.keys.values()].map(publicJwk).filter((key) => key !== undefined);
  return ok({ keys } satisfies JwksBody);
}

/**
 * Returns one public key as PEM, by application or by `kid` (the document says `keyId`, which is ignored), else all of
 * them.
 */
export function publicKey({ query }: ApiRequest, instance: Instance): Answer {
  const keys = [...instance.state.keys.values()].filter((key) => publicJwk(key) !== undefined);
  const [applicationId, kid] = [query.get('applicationId'), query.get('kid')];
  if (applicationId !== null)
    return pemOf(keys.find(({ id }) => id === signingKeyId(instance, applicationId)));
  if (kid !== null) return pemOf(keys.find((key) => key.kid === kid));
  const publicKeys = Object.fromEntries(keys.map((key) => [key.kid, publicKeyPem(key) ?? '']));
  return ok({ publicKeys } satisfies PublicKeyBody);
}

function pemOf(key: KeyRecord | undefined): Answer {
  if (!key) throw notFound();
  return ok({ publicKey: publicKeyPem(key) } satisfies PublicKeyBody);
}

function signingKeyId({ state }: Instance, applicationId: string): string | undefined {
  const application = state.applications.get(applicationId.toLowerCase());
  const tenant = application && state.tenants.get(application.tenantId);
  return tenant && jwtConfiguration({ application, tenant }).accessTokenKeyId;
}
