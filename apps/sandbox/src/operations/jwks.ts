import { ok, type Answer } from '../answer.js';
import { publicJwk } from '../tokens/signing-key.js';
import type { JwksBody } from '../wire.js';
import type { Call, World } from '../world.js';

/** The public keys of the whole instance, of every tenant and purpose; never an HMAC key (RFC 7517 section 5). */
export function jwks(_call: Call, world: World): Answer {
  const keys = [...world.state.keys.values()].map(publicJwk).filter((key) => key !== undefined);
  return ok({ keys } satisfies JwksBody);
}
